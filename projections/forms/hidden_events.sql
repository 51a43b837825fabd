-- view: hidden_events
-- grain: one row per event that a void hides as a whole
-- needs: forms.hidden
-- why: a revision, a relation or a judgement has no parts
select position from forms.hidden where part is null
