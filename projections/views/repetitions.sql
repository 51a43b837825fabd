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
with counting as materialized (
    select report.*, count(*) over (partition by report.statement_id) as reports
    from forms.reports as report
),

speakers as materialized (
    select speaker_id, name
    from forms.speakers_in_form
    anti join forms.gone_speakers using (speaker_id)
),

chains as (
    select
        link.report_id,
        string_agg(
            coalesce(speaker.name, link.via.speaker_id, link.via.source_id), ' → '
            order by link.place
        ) as via_text
    from (
        select report_id, unnest(via) as via, generate_subscripts(via, 1) as place
        from counting
        where reports > 1
    ) as link
    left join speakers as speaker on speaker.speaker_id = link.via.speaker_id
    group by link.report_id
),

placed as (
    select
        report.*,
        publisher.name as publisher,
        coalesce(publisher.name, source.title, source.source_id) as outlet,
        source.published,
        source.published_earliest,
        source.published_latest,
        words_of(report.quote) as words,
        row_number() over publication as nth,
        first_value(source.published_earliest) over publication as first_published,
        first_value(words_of(report.quote)) over publication as first_words
    from counting as report
    join forms.sources_in_form as source on source.source_id = report.source_id
    left join speakers as publisher on publisher.speaker_id = source.publisher_id
    where report.reports > 1
    window publication as (
        partition by report.statement_id
        order by source.published_earliest nulls last, report.position, report.report_id
    )
)

select
    placed.statement_id,
    placed.report_id,
    placed.source_id,
    placed.publisher,
    placed.outlet,
    placed.published,
    placed.published_earliest,
    placed.published_latest,
    placed.nth,
    date_diff('day', placed.first_published, placed.published_earliest) as lag_days,
    placed.quote,
    placed.quote_mode,
    placed.via,
    chains.via_text,
    words_beyond(placed.words, placed.first_words) as words_added,
    words_beyond(placed.first_words, placed.words) as words_dropped,
    len(list_intersect(placed.words, placed.first_words))
        / nullif(len(list_distinct(placed.words || placed.first_words)), 0) as shared_words,
    placed.position,
    placed.recorded_at,
    placed.actor
from placed
left join chains using (report_id)
order by placed.statement_id, placed.nth
