-- view: touched_reports
-- grain: one row per report of a statement of forms.touched in its latest form, void or not
-- needs: forms.touched_since, later_table(), seen.report_revisions, forms.hidden_events,
--        seen.touched_reports, seen.reports
-- why: of forms.reports_in_form these rows, and what views of everything ask of them: of the ledger
--      whole, only what the tail touched is read
with since as materialized (
    select position from forms.touched_since
    union
    select position from query_table(later_table())
),

latest as materialized (
    select *
    from seen.report_revisions
    anti join forms.hidden_events using (position)
    qualify row_number() over (partition by report_id order by position desc) = 1
),

recorded as (
    from seen.touched_reports
    union all by name
    from seen.reports
    semi join since using (position)
)

select
    position,
    recorded_at,
    report_id,
    source_id,
    attributed_to,
    alternatives,
    quote,
    quote_mode
from (
    from recorded
    anti join latest using (report_id)
    union all by name
    from latest
)
