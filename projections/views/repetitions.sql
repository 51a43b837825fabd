-- view: repetitions
-- grain: one row per report of a statement that has several, in order of publication
-- key: report_id
-- brief: statement_id, nth, outlet, published, lag_days, via_text, shared_words, words_added,
--        words_dropped
-- needs: forms.reports, forms.sources_in_form, forms.speakers_in_form, forms.gone_speakers
-- why: who told it first and who told it again, how much later, along which chain, and in which
--      other words. Words are compared without case and punctuation, each once: those that the
--      first report has not were added, those that only the first has were dropped, and
--      shared_words is the share of those in both among those in either
with several as not materialized (
    select statement_id
    from forms.reports
    group by statement_id
    having count(*) > 1
),

-- What is asked of one statement goes down to both: joined, not looked up, and with the statement in
-- every join below.
worded as materialized (
    select
        report_id,
        statement_id,
        source_id,
        quote,
        quote_mode,
        via,
        position,
        recorded_at,
        actor,
        words_of(quote) as words
    from forms.reports
    join several using (statement_id)
),

speakers as materialized (
    select speaker_id, name
    from forms.speakers_in_form
    anti join forms.gone_speakers using (speaker_id)
),

chains as (
    select
        link.statement_id,
        link.report_id,
        string_agg(
            coalesce(speaker.name, link.via.speaker_id, link.via.source_id), ' → '
            order by link.place
        ) as via_text
    from (
        select statement_id, report_id, unnest(via) as via, generate_subscripts(via, 1) as place
        from worded
    ) as link
    left join speakers as speaker on speaker.speaker_id = link.via.speaker_id
    group by link.statement_id, link.report_id
),

placed as (
    select
        report.*,
        publisher.name as publisher,
        coalesce(publisher.name, source.title, source.source_id) as outlet,
        source.published,
        source.published_earliest,
        source.published_latest,
        row_number() over publication as nth,
        first_value(source.published_earliest) over publication as first_published,
        first_value(report.words) over publication as first_words
    from worded as report
    join forms.sources_in_form as source on source.source_id = report.source_id
    left join speakers as publisher on publisher.speaker_id = source.publisher_id
    window publication as (
        partition by report.statement_id
        order by source.published_earliest nulls last, report.position, report.report_id
    )
),

compared as (
    select
        *,
        words_beyond(words, first_words) as words_added,
        words_beyond(first_words, words) as words_dropped,
        len(list_distinct(first_words)) as words_at_first
    from placed
)

select
    compared.statement_id,
    compared.report_id,
    compared.source_id,
    compared.publisher,
    compared.outlet,
    compared.published,
    compared.published_earliest,
    compared.published_latest,
    compared.nth,
    date_diff('day', compared.first_published, compared.published_earliest) as lag_days,
    compared.quote,
    compared.quote_mode,
    compared.via,
    chains.via_text,
    compared.words_added,
    compared.words_dropped,
    (compared.words_at_first - len(compared.words_dropped))
        / nullif(compared.words_at_first + len(compared.words_added), 0) as shared_words,
    compared.position,
    compared.recorded_at,
    compared.actor
from compared
left join chains using (statement_id, report_id)
order by compared.statement_id, compared.nth
