-- query: objects
-- grain: one row per object of the view file that was not there when DuckDB made the file
-- needs: the attached database views
-- why: what a view says can be changed without a row being touched: every definition is compared
select 'schema' as kind, schema_name as name, null as definition
from duckdb_schemas()
where database_name = 'views' and schema_name not in ('main', 'information_schema', 'pg_catalog')
union all
select 'table', schema_name || '.' || table_name, sql
from duckdb_tables()
where database_name = 'views'
union all
select 'view', schema_name || '.' || view_name, sql
from duckdb_views()
where database_name = 'views' and not internal
union all
select
    function_type,
    schema_name || '.' || function_name,
    concat_ws(' ', parameters, parameter_types, varargs, macro_definition)
from duckdb_functions()
where database_name = 'views' and not internal
union all
select 'index', schema_name || '.' || index_name, sql
from duckdb_indexes()
where database_name = 'views'
union all
select 'sequence', schema_name || '.' || sequence_name, sql
from duckdb_sequences()
where database_name = 'views'
union all
select 'type', schema_name || '.' || type_name, cast(logical_type as varchar)
from duckdb_types()
where database_name = 'views' and not internal
order by all
