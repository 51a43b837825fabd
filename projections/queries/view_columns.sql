-- query: view_columns
-- grain: one row per column of a view that people ask, in order
-- needs: nothing but the view file, in use
-- why: the types as they were when the view was made; DuckDB refuses a view that has others by now
select table_name, column_name, data_type
from duckdb_columns()
where database_name = current_database() and schema_name = 'main'
order by table_name, column_index
