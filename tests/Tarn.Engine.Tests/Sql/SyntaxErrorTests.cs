using Tarn.Engine.Sql;

namespace Tarn.Engine.Tests.Sql;

public sealed class SyntaxErrorTests
{
    [Theory]
    [InlineData("SELCT 1", "1:1", "expected a statement such as SELECT, found 'SELCT'; did you mean SELECT?")]
    [InlineData("CRATE TABLE t (a int)", "1:1", "expected a statement such as SELECT, found 'CRATE'; did you mean CREATE?")]
    [InlineData("FOO", "1:1", "expected a statement such as SELECT, found 'FOO'")]
    [InlineData("'x'", "1:1", "expected a statement such as SELECT, found ''x''")]
    [InlineData("CREATE TABEL t (a int)", "1:8", "expected TABLE, found 'TABEL'")]
    [InlineData("CREATE OR REPLACE SCHEMA s", "1:19", "a schema cannot be replaced; drop it first")]
    [InlineData("CREATE OR REPLACE TABLE IF NOT EXISTS t (a int)", "1:25", "OR REPLACE and IF NOT EXISTS exclude each other")]
    [InlineData("DROP TABEL t", "1:6", "expected TABLE, found 'TABEL'")]
    [InlineData("DROP TABLE", "1:11", "expected a table name, found the end of the statement")]
    [InlineData("DROP TABLE WHERE", "1:12", "expected a table name, found 'WHERE' (a reserved word: write \"WHERE\" to use it as a name)")]
    [InlineData("DROP TABLE IF EXIST t", "1:15", "expected EXISTS, found 'EXIST'")]
    [InlineData("DROP TABLE t u", "1:14", "expected PURGE or the end of the statement, found 'u'")]
    [InlineData("CREATE TABLE t", "1:15", "expected AS with a query, found the end of the statement (a table needs columns or a query)")]
    [InlineData("CREATE TABLE t ()", "1:17", "expected a column name, found ')'")]
    [InlineData("CREATE TABLE t (a)", "1:19", "expected AS with a query, found the end of the statement (columns without types take them from a query)")]
    [InlineData("CREATE TABLE t (a int,,)", "1:23", "expected a column name, found ','")]
    [InlineData("CREATE TABLE t (a int b)", "1:23", "expected NOT NULL, COMMENT, DEFAULT, TAGS, NULL, ',' or ')', found 'b'")]
    [InlineData("CREATE TABLE t (a int PRIMARY KEY)", "1:23", "an Iceberg table knows no PRIMARY KEY; a column can be NOT NULL, have a DEFAULT and a COMMENT")]
    [InlineData(
        "CREATE TABLE t (a int, PRIMARY KEY (a))",
        "1:24", "an Iceberg table knows no PRIMARY KEY; a column can be NOT NULL, have a DEFAULT and a COMMENT")]
    [InlineData(
        "CREATE TABLE t (a int, CONSTRAINT x CHECK (a > 1))",
        "1:24", "an Iceberg table knows no CONSTRAINT; a column can be NOT NULL, have a DEFAULT and a COMMENT")]
    [InlineData(
        "CREATE TABLE t (a int) PARTITION BY (a)",
        "1:24", "expected COMMENT, WITH, TBLPROPERTIES, PARTITIONED, USING, LOCATION, SORTED, ORDERED or AS, found 'PARTITION'")]
    [InlineData(
        "CREATE TABLE t (a int) WITH (partitioning = ARRAY['mnth(a)'])",
        "1:52", "in partitioning 'mnth(a)': unknown partition transform 'mnth'; expected identity, year, month, day, hour, bucket(n, column), truncate(n, column) or void")]
    [InlineData("CREATE TABLE t (a int) WITH ('partitioning' = ARRAY['a', 'bucket(a)'])", "1:67", "in partitioning 'bucket(a)': expected ',', found ')'")]
    [InlineData("CREATE TABLE t (a int) WITH (sorted_by = ARRAY['a DSC'])", "1:51", "in sorted_by 'a DSC': expected ASC or DESC, found 'DSC'")]
    [InlineData("CREATE TABLE t (a int) WITH (partitioning = ARRAY[1])", "1:30", "partitioning takes strings, found 1")]
    [InlineData("CREATE TABLE t (a int) WITH (a = 1 + 1)", "1:36", "expected ',' or ')', found '+'")]
    [InlineData("CREATE TABLE t (a int) WITH a = 1", "1:29", "expected '(', found 'a'")]
    [InlineData("CREATE TABLE t (a int) AS SELECT 1", "1:24", "a table with a query takes the types from it; give column names without types")]
    [InlineData("CREATE TABLE t AS", "1:18", "expected a query, found the end of the statement")]
    [InlineData("CREATE TABLE t AS DROP TABLE u", "1:19", "expected a query, found 'DROP'")]
    [InlineData("CREATE TABLE t (LIKE u)", "1:17", "LIKE is not supported; write CREATE TABLE … AS SELECT * FROM … WITH NO DATA")]
    [InlineData("CREATE TABLE t LIKE u", "1:16", "LIKE is not supported; write CREATE TABLE … AS SELECT * FROM … WITH NO DATA")]
    [InlineData("CREATE TABLE t (a int) USING parquet", "1:30", "expected ICEBERG, found 'parquet'")]
    [InlineData("CREATE TABLE t (a int DEFAULT x + 1)", "1:31", "expected a literal, found 'x'")]
    [InlineData("CREATE TABLE t (a foo)", "1:19", "expected a type such as bigint, varchar or decimal(12, 2), found 'foo'")]
    [InlineData("CREATE TABLE t (a hugeint)", "1:19", "Iceberg has no type hugeint; decimal(38, 0) holds the values up to 38 digits")]
    [InlineData("CREATE TABLE t (a decimal)", "1:19", "decimal needs its size, as in decimal(18, 3): engines disagree on the default")]
    [InlineData("CREATE TABLE t (a decimal(39, 2))", "1:27", "decimal(39, 2): the precision must be 1 to 38 and the scale not above it")]
    [InlineData("CREATE TABLE t (a decimal(3, 4))", "1:27", "decimal(3, 4): the precision must be 1 to 38 and the scale not above it")]
    [InlineData("CREATE TABLE t (a timestamp(12))", "1:29", "the digits behind the second must be 0 to 9, found 12")]
    [InlineData("CREATE TABLE t (a time(9))", "1:19", "time(9): Iceberg keeps a time of day in microseconds; write time(6)")]
    [InlineData("CREATE TABLE t (a time with time zone)", "1:19", "Iceberg has no time of day with a zone; use time")]
    [InlineData("CREATE TABLE t (a int[3])", "1:22", "Iceberg has no list of a fixed length; write integer[] for a list of any length")]
    [InlineData("CREATE TABLE t (a int(11))", "1:22", "the type int takes no parameters")]
    [InlineData("CREATE TABLE t (a fixed)", "1:24", "expected '(' or '[', found ')'")]
    [InlineData("CREATE TABLE t (a fixed(0))", "1:25", "a length must be between 1 and 2147483647, found 0")]
    [InlineData("CREATE TABLE t (a map(int))", "1:26", "expected ',', found ')'")]
    [InlineData("CREATE TABLE t (a struct<b>)", "1:27", "expected ':' or a type, found '>'")]
    [InlineData("CREATE TABLE t (a array<int)", "1:28", "expected '>', found ')'")]
    [InlineData("INSERT t VALUES (1)", "1:8", "expected OVERWRITE or INTO, found 't'")]
    [InlineData("INSERT INTO t", "1:14", "expected BY NAME, BY POSITION, DEFAULT VALUES, VALUES or a query, found the end of the statement")]
    [InlineData("INSERT INTO t (a, b", "1:20", "expected ',' or ')', found the end of the statement")]
    [InlineData("INSERT INTO t (a) BY NAME SELECT 1", "1:19", "BY NAME and a list of columns exclude each other")]
    [InlineData("INSERT OR REPLACE INTO t VALUES (1)", "1:8", "INSERT OR REPLACE and OR IGNORE need a key, which Iceberg tables do not have")]
    [InlineData("INSERT INTO t VALUES (1) ON CONFLICT DO NOTHING", "1:26", "ON CONFLICT needs a key, which Iceberg tables do not have")]
    [InlineData("INSERT INTO t SELECT 1 RETURNING a", "1:24", "RETURNING is not supported; query the table after the insert")]
    [InlineData("DELETE t WHERE a", "1:8", "expected FROM, found 't'")]
    [InlineData("DELETE FROM t WHERE", "1:20", "expected a condition, found the end of the statement")]
    [InlineData("DELETE FROM t USING u WHERE a", "1:15", "DELETE … USING is not supported; use WHERE with a subquery")]
    [InlineData("UPDATE t a = 1", "1:12", "expected SET, found '='")]
    [InlineData("UPDATE t SET a", "1:15", "expected '=', found the end of the statement")]
    [InlineData("MERGE INTO t USING u ON a = b", "1:30", "expected WHEN, found the end of the statement")]
    [InlineData("MERGE INTO t USING u ON a = b WHEN MATCHED THEN FOO", "1:49", "expected UPDATE, INSERT, DELETE or DO NOTHING, found 'FOO'")]
    [InlineData(
        "ALTER TABLE t",
        "1:14", "expected ADD, DROP, RENAME, ALTER, CHANGE, SET, UNSET, RESET, REPLACE, WRITE, EXECUTE, CREATE or OWNER, found the end of the statement")]
    [InlineData("ALTER TABLE t FOO", "1:15", "expected ADD, DROP, RENAME, ALTER, CHANGE, SET, UNSET, RESET, REPLACE, WRITE, EXECUTE, CREATE or OWNER, found 'FOO'")]
    [InlineData("ALTER TABLE t ADD COLUMN", "1:25", "expected IF NOT EXISTS or a column name, found the end of the statement")]
    [InlineData("ALTER TABLE t ADD COLUMN a", "1:27", "expected ':' or a type, found the end of the statement")]
    [InlineData(
        "ALTER TABLE t ALTER COLUMN a",
        "1:29", "expected SET DATA TYPE, TYPE, SET NOT NULL, DROP NOT NULL, SET DEFAULT, DROP DEFAULT, SET TAGS, UNSET TAGS, COMMENT, FIRST or AFTER, found the end of the statement")]
    [InlineData("ALTER TABLE t ALTER COLUMN a TYP int", "1:30", "expected TYPE, found 'TYP'")]
    [InlineData("ALTER TABLE t RENAME COLUMN a b", "1:31", "expected TO, found 'b'")]
    [InlineData(
        "ALTER TABLE t ADD PARTITION FIELD foo(a)",
        "1:35", "unknown partition transform 'foo'; expected identity, year, month, day, hour, bucket(n, column), truncate(n, column) or void")]
    [InlineData("ALTER TABLE t ADD PARTITION FIELD bucket(0, a)", "1:42", "expected a number between 1 and 2147483647, found 0")]
    [InlineData("ALTER TABLE t ADD PARTITION FIELD month(3)", "1:41", "expected a column name, found '3'")]
    [InlineData(
        "ALTER TABLE t ADD CONSTRAINT x CHECK (a)",
        "1:19", "an Iceberg table cannot keep constraints; SET IDENTIFIER FIELDS names the columns that identify a row")]
    [InlineData("ALTER TABLE t CREATE BRANCH b AS OF VERSION 1.5", "1:45", "expected a snapshot id or the name of a branch or tag")]
    [InlineData("ALTER TABLE t CREATE TAG t RETAIN 5", "1:36", "expected DAYS, HOURS or MINUTES, found the end of the statement")]
    [InlineData("ALTER TABLE t EXECUTE p(1", "1:26", "expected ',' or ')', found the end of the statement")]
    [InlineData("ALTER TABLE t SET PROPERTIES", "1:29", "expected a property name, found the end of the statement")]
    [InlineData(
        "SHOW",
        "1:5", "expected CATALOGS, SCHEMAS, TABLES, VIEWS, COLUMNS, CREATE, STATS, BRANCHES, TAGS, PARTITIONS, TBLPROPERTIES or a setting, found the end of the statement")]
    [InlineData("SHOW TABLES FROM", "1:17", "expected a schema name, found the end of the statement")]
    [InlineData("SHOW TABLES LIKE x", "1:18", "expected a pattern as a string, found 'x'")]
    [InlineData("SHOW COLUMNS", "1:13", "expected FROM, found the end of the statement")]
    [InlineData("SHOW CREATE FUNCTION f", "1:13", "expected TABLE, VIEW or SCHEMA, found 'FUNCTION'")]
    [InlineData("SHOW STATS t", "1:12", "expected FOR, found 't'")]
    [InlineData("USE", "1:4", "expected a schema name, found the end of the statement")]
    [InlineData("USE a b", "1:7", "expected the end of the statement, found 'b'")]
    [InlineData("SET x", "1:6", "expected '=' or TO, found the end of the statement")]
    [InlineData("EXPLAIN", "1:8", "expected ANALYZE, VERBOSE or a statement, found the end of the statement")]
    [InlineData("EXPLAIN EXPLAIN SELECT 1", "1:9", "EXPLAIN cannot explain itself")]
    [InlineData("PREPARE p SELECT 1", "1:11", "expected AS or FROM, found 'SELECT'")]
    [InlineData("COMMENT ON COLUMN c IS 'x'", "1:19", "the column needs its table: write table.c")]
    [InlineData("COMMENT ON TABLE t IS x", "1:23", "expected NULL or the comment as a string, found 'x'")]
    [InlineData("CALL p", "1:7", "expected '(', found the end of the statement")]
    [InlineData("CALL p(1,)", "1:10", "expected a value, found ')'")]
    [InlineData("CREATE VIEW v", "1:14", "expected AS, COMMENT, TBLPROPERTIES, WITH or SECURITY, found the end of the statement")]
    [InlineData("CREATE VIEW v AS", "1:17", "expected a query, found the end of the statement")]
    [InlineData("CREATE VIEW v SECURITY INVOKER AS SELECT 1", "1:15", "SECURITY is not supported; a view reads with the rights of who queries it")]
    [InlineData("CREATE SCHEMA s FOO", "1:17", "expected COMMENT, LOCATION, WITH or the end of the statement, found 'FOO'")]
    public void Parse_WrongStatement_PointsAtThePlace(string sql, string place, string problem) => SyntaxCheck.Refused(sql, place, problem);

    [Fact]
    public void Message_LongLineWithTabs_ShowsAWindowWithACaret()
    {
        var error = Assert.Throws<SqlSyntaxException>(() => SqlParser.Parse($"DROP\n\tTABLE {new string('a', 100)} oops {new string('b', 100)}"));
        var lines = error.Message.Split('\n');
        Assert.Equal("line 2:109: expected PURGE or the end of the statement, found 'oops'", lines[0]);
        Assert.Equal("…" + new string('a', 59) + " oops " + new string('b', 35) + "…", lines[1]);
        Assert.Equal(new string(' ', 61) + "^", lines[2]);
    }

    [Fact]
    public void Parse_TwoStatements_IsRefused() =>
        SyntaxCheck.Refused("SELECT 1; SELECT 2", "1:11", "expected one statement, found another one behind the semicolon");

    [Fact]
    public void Parse_Nothing_IsRefused() => SyntaxCheck.Refused(" -- x", "1:6", "expected a statement, found nothing");
}
