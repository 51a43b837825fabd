-- export: statements
-- grain: one row per statement, latest form
-- key: statement_id
-- chosen: is_chosen('statement', statement_id)
-- links: speaker_id speakers
-- claims: proposition
-- needs: statements
-- why: who said what and when; the speaker stands beside what was claimed
from statements
