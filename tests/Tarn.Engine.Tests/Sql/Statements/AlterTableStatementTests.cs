namespace Tarn.Engine.Tests.Sql.Statements;

public sealed class AlterTableStatementTests
{
    [Theory]
    [InlineData("ALTER TABLE t ADD COLUMN a int", "AlterTable(Table: t, Actions: [AddColumn(Path: a, Type: integer)])")]
    [InlineData(
        "ALTER TABLE IF EXISTS s.t ADD COLUMN IF NOT EXISTS a.b varchar NOT NULL COMMENT 'x' DEFAULT 'y' AFTER a.c",
        "AlterTable(Table: s.t, IfExists: True, Actions: [AddColumn(Path: a.b, Type: varchar, NotNull: True, Comment: 'x', Default: 'y', Position: ColumnPosition(After: a.c), IfNotExists: True)])")]
    [InlineData("ALTER TABLE t ADD x bigint FIRST", "AlterTable(Table: t, Actions: [AddColumn(Path: x, Type: bigint, Position: ColumnPosition())])")]
    [InlineData(
        "ALTER TABLE t ADD COLUMNS (a int COMMENT 'x' AFTER b, points.element.z double)",
        "AlterTable(Table: t, Actions: [AddColumn(Path: a, Type: integer, Comment: 'x', Position: ColumnPosition(After: b)), AddColumn(Path: points.element.z, Type: double)])")]
    [InlineData(
        "ALTER TABLE t ADD COLUMNS a int, b string",
        "AlterTable(Table: t, Actions: [AddColumn(Path: a, Type: integer), AddColumn(Path: b, Type: varchar)])")]
    [InlineData(
        "ALTER TABLE t ADD COLUMN a int, DROP COLUMN b, RENAME COLUMN c TO d, ALTER COLUMN e TYPE bigint",
        "AlterTable(Table: t, Actions: [AddColumn(Path: a, Type: integer), DropColumn(Path: b), RenameColumn(Path: c, NewName: 'd'), ChangeColumnType(Path: e, Type: bigint)])")]
    [InlineData("ALTER TABLE t DROP COLUMN a.b", "AlterTable(Table: t, Actions: [DropColumn(Path: a.b)])")]
    [InlineData("ALTER TABLE t DROP COLUMN IF EXISTS a", "AlterTable(Table: t, Actions: [DropColumn(Path: a, IfExists: True)])")]
    [InlineData("ALTER TABLE t DROP COLUMNS (a, b)", "AlterTable(Table: t, Actions: [DropColumn(Path: a), DropColumn(Path: b)])")]
    [InlineData("ALTER TABLE t DROP branch", "AlterTable(Table: t, Actions: [DropColumn(Path: branch)])")]
    [InlineData("ALTER TABLE t RENAME COLUMN a.b TO c", "AlterTable(Table: t, Actions: [RenameColumn(Path: a.b, NewName: 'c')])")]
    [InlineData("ALTER TABLE t RENAME a TO \"B c\"", "AlterTable(Table: t, Actions: [RenameColumn(Path: a, NewName: 'B c')])")]
    [InlineData("ALTER TABLE t RENAME TO s.u", "AlterTable(Table: t, Actions: [RenameTable(NewName: s.u)])")]
    [InlineData(
        "ALTER TABLE t ALTER COLUMN c SET DATA TYPE decimal(20, 2)",
        "AlterTable(Table: t, Actions: [ChangeColumnType(Path: c, Type: decimal(20, 2))])")]
    [InlineData(
        "ALTER TABLE t ALTER c TYPE double COMMENT 'wide' FIRST",
        "AlterTable(Table: t, Actions: [ChangeColumnType(Path: c, Type: double), ChangeColumnComment(Path: c, Comment: 'wide'), MoveColumn(Path: c, Position: ColumnPosition())])")]
    [InlineData("ALTER TABLE t ALTER COLUMN a.b SET NOT NULL", "AlterTable(Table: t, Actions: [ChangeColumnNullability(Path: a.b, NotNull: True)])")]
    [InlineData("ALTER TABLE t ALTER COLUMN a DROP NOT NULL", "AlterTable(Table: t, Actions: [ChangeColumnNullability(Path: a)])")]
    [InlineData("ALTER TABLE t ALTER COLUMN a COMMENT 'x'", "AlterTable(Table: t, Actions: [ChangeColumnComment(Path: a, Comment: 'x')])")]
    [InlineData("ALTER TABLE t ALTER COLUMN a COMMENT NULL", "AlterTable(Table: t, Actions: [ChangeColumnComment(Path: a)])")]
    [InlineData("ALTER TABLE t ALTER COLUMN a AFTER b", "AlterTable(Table: t, Actions: [MoveColumn(Path: a, Position: ColumnPosition(After: b))])")]
    [InlineData("ALTER TABLE t ALTER COLUMN a SET DEFAULT 5", "AlterTable(Table: t, Actions: [ChangeColumnDefault(Path: a, Default: 5)])")]
    [InlineData("ALTER TABLE t ALTER COLUMN a DROP DEFAULT", "AlterTable(Table: t, Actions: [ChangeColumnDefault(Path: a)])")]
    [InlineData("ALTER TABLE t CHANGE COLUMN a b bigint", "AlterTable(Table: t, Actions: [ChangeColumnType(Path: a, Type: bigint), RenameColumn(Path: a, NewName: 'b')])")]
    [InlineData(
        "ALTER TABLE t CHANGE s.a b struct<x:int> NOT NULL COMMENT 'c' AFTER d",
        "AlterTable(Table: t, Actions: [ChangeColumnType(Path: s.a, Type: row(x integer)), ChangeColumnNullability(Path: s.a, NotNull: True), ChangeColumnComment(Path: s.a, Comment: 'c'), MoveColumn(Path: s.a, Position: ColumnPosition(After: d)), RenameColumn(Path: s.a, NewName: 'b')])")]
    [InlineData("ALTER TABLE t CHANGE a a int FIRST", "AlterTable(Table: t, Actions: [ChangeColumnType(Path: a, Type: integer), MoveColumn(Path: a, Position: ColumnPosition())])")]
    [InlineData("ALTER TABLE t CHANGE a comment string", "AlterTable(Table: t, Actions: [ChangeColumnType(Path: a, Type: varchar), RenameColumn(Path: a, NewName: 'comment')])")]
    [InlineData("ALTER TABLE t CHANGE a first int", "AlterTable(Table: t, Actions: [ChangeColumnType(Path: a, Type: integer), RenameColumn(Path: a, NewName: 'first')])")]
    [InlineData("ALTER TABLE t CHANGE COLUMN a TYPE bigint COMMENT 'x'", "AlterTable(Table: t, Actions: [ChangeColumnType(Path: a, Type: bigint), ChangeColumnComment(Path: a, Comment: 'x')])")]
    [InlineData("ALTER TABLE t CHANGE a AFTER b", "AlterTable(Table: t, Actions: [MoveColumn(Path: a, Position: ColumnPosition(After: b))])")]
    [InlineData("ALTER TABLE t CHANGE a SET NOT NULL", "AlterTable(Table: t, Actions: [ChangeColumnNullability(Path: a, NotNull: True)])")]
    [InlineData(
        "ALTER TABLE t SET PROPERTIES format_version = 3, \"a.b\" = 'x', c.d = DEFAULT",
        "AlterTable(Table: t, Actions: [SetTableProperties(Properties: [format_version=3, a.b='x', c.d=NULL])])")]
    [InlineData("ALTER TABLE t SET TAGS ('pii', 'keep' = '7y')", "AlterTable(Table: t, Actions: [SetTableProperties(Properties: [tarn.tag.pii='', tarn.tag.keep='7y'])])")]
    [InlineData("ALTER TABLE t UNSET TAGS IF EXISTS ('pii', keep)", "AlterTable(Table: t, Actions: [RemoveTableProperties(Names: ['tarn.tag.pii', 'tarn.tag.keep'])])")]
    [InlineData("ALTER TABLE t ALTER COLUMN a.b SET TAGS ('pii')", "AlterTable(Table: t, Actions: [SetColumnTags(Path: a.b, Tags: [Tag(Key: 'pii')])])")]
    [InlineData("ALTER TABLE t ALTER COLUMN a UNSET TAGS ('pii') COMMENT 'x'", "AlterTable(Table: t, Actions: [RemoveColumnTags(Path: a, Keys: ['pii']), ChangeColumnComment(Path: a, Comment: 'x')])")]
    [InlineData("ALTER TABLE t SET AUTHORIZATION ada", "AlterTable(Table: t, Actions: [SetTableProperties(Properties: [owner='ada'])])")]
    [InlineData("ALTER TABLE t SET AUTHORIZATION ROLE \"Data team\"", "AlterTable(Table: t, Actions: [SetTableProperties(Properties: [owner='Data team'])])")]
    [InlineData("ALTER TABLE t SET AUTHORIZATION user", "AlterTable(Table: t, Actions: [SetTableProperties(Properties: [owner='user'])])")]
    [InlineData("ALTER TABLE t OWNER TO 'ada@example.org'", "AlterTable(Table: t, Actions: [SetTableProperties(Properties: [owner='ada@example.org'])])")]
    [InlineData("ALTER TABLE t SET OWNER TO ada", "AlterTable(Table: t, Actions: [SetTableProperties(Properties: [owner='ada'])])")]
    [InlineData("ALTER TABLE t SET TBLPROPERTIES ('k' = 'v', 'n' = 1)", "AlterTable(Table: t, Actions: [SetTableProperties(Properties: [k='v', n=1])])")]
    [InlineData("ALTER TABLE t UNSET TBLPROPERTIES IF EXISTS ('k', 'l')", "AlterTable(Table: t, Actions: [RemoveTableProperties(Names: ['k', 'l'])])")]
    [InlineData(
        "ALTER TABLE t SET PROPERTIES partitioning = ARRAY['month(d)'], sorted_by = ARRAY['a'], x = 1",
        "AlterTable(Table: t, Actions: [SetTableProperties(Properties: [x=1]), SetPartitioning(Fields: [month(d)]), SetSortOrder(Fields: [a ASC NULLS FIRST])])")]
    [InlineData("ALTER TABLE t SET PROPERTIES partitioning = ARRAY[]", "AlterTable(Table: t, Actions: [SetPartitioning()])")]
    [InlineData("ALTER TABLE t SET PARTITIONED BY (year(d), x)", "AlterTable(Table: t, Actions: [SetPartitioning(Fields: [year(d), x])])")]
    [InlineData("ALTER TABLE t RESET PARTITIONED BY", "AlterTable(Table: t, Actions: [SetPartitioning()])")]
    [InlineData("ALTER TABLE t SET SORTED BY (a DESC)", "AlterTable(Table: t, Actions: [SetSortOrder(Fields: [a DESC NULLS LAST])])")]
    [InlineData(
        "ALTER TABLE t ADD PARTITION FIELD bucket(16, id) AS shard",
        "AlterTable(Table: t, Actions: [AddPartitionField(Field: bucket(id, 16) AS shard)])")]
    [InlineData("ALTER TABLE t DROP PARTITION FIELD shard", "AlterTable(Table: t, Actions: [DropPartitionField(Field: shard)])")]
    [InlineData("ALTER TABLE t DROP PARTITION FIELD days(ts)", "AlterTable(Table: t, Actions: [DropPartitionField(Field: day(ts))])")]
    [InlineData(
        "ALTER TABLE t REPLACE PARTITION FIELD ts_day WITH hours(ts) AS h",
        "AlterTable(Table: t, Actions: [ReplacePartitionField(Old: ts_day, New: hour(ts) AS h)])")]
    [InlineData(
        "ALTER TABLE t WRITE ORDERED BY a, b DESC NULLS FIRST, bucket(4, c)",
        "AlterTable(Table: t, Actions: [SetSortOrder(Fields: [a ASC NULLS FIRST, b DESC NULLS FIRST, bucket(c, 4) ASC NULLS FIRST], Distribution: 'range')])")]
    [InlineData(
        "ALTER TABLE t WRITE LOCALLY ORDERED BY (a)",
        "AlterTable(Table: t, Actions: [SetSortOrder(Fields: [a ASC NULLS FIRST], Distribution: 'none')])")]
    [InlineData(
        "ALTER TABLE t WRITE DISTRIBUTED BY PARTITION LOCALLY ORDERED BY a",
        "AlterTable(Table: t, Actions: [SetSortOrder(Fields: [a ASC NULLS FIRST], Distribution: 'hash')])")]
    [InlineData("ALTER TABLE t WRITE DISTRIBUTED BY PARTITION", "AlterTable(Table: t, Actions: [SetSortOrder(Distribution: 'hash')])")]
    [InlineData("ALTER TABLE t WRITE UNORDERED", "AlterTable(Table: t, Actions: [SetSortOrder(Distribution: 'none')])")]
    [InlineData("ALTER TABLE t SET IDENTIFIER FIELDS a, b.c", "AlterTable(Table: t, Actions: [SetIdentifierFields(Columns: [a, b.c])])")]
    [InlineData("ALTER TABLE t DROP IDENTIFIER FIELDS a", "AlterTable(Table: t, Actions: [DropIdentifierFields(Columns: [a])])")]
    [InlineData(
        "ALTER TABLE t EXECUTE rollback_to_snapshot(123)",
        "AlterTable(Table: t, Actions: [ExecuteProcedure(Procedure: rollback_to_snapshot, Arguments: [«123»])])")]
    [InlineData(
        "ALTER TABLE t EXECUTE optimize(file_size_threshold => '10MB') WHERE d > DATE '2024-01-01'",
        "AlterTable(Table: t, Actions: [ExecuteProcedure(Procedure: optimize, Arguments: [file_size_threshold=>«'10MB'»], Where: «d > DATE '2024-01-01'»)])")]
    [InlineData("ALTER TABLE t EXECUTE optimize", "AlterTable(Table: t, Actions: [ExecuteProcedure(Procedure: optimize)])")]
    [InlineData("ALTER TABLE t CREATE BRANCH audit", "AlterTable(Table: t, Actions: [CreateRef(Kind: Branch, Name: 'audit')])")]
    [InlineData(
        "ALTER TABLE t CREATE OR REPLACE BRANCH b AS OF VERSION 123 RETAIN 7 DAYS WITH SNAPSHOT RETENTION 5 SNAPSHOTS 2 HOURS",
        "AlterTable(Table: t, Actions: [CreateRef(Kind: Branch, Name: 'b', OrReplace: True, From: 123, MaxRefAge: 7.00:00:00, MinSnapshotsToKeep: 5, MaxSnapshotAge: 02:00:00)])")]
    [InlineData(
        "ALTER TABLE t CREATE TAG IF NOT EXISTS 'end-of-2024' AS OF VERSION 'main' RETAIN 365 DAYS",
        "AlterTable(Table: t, Actions: [CreateRef(Kind: Tag, Name: 'end-of-2024', IfNotExists: True, From: 'main', MaxRefAge: 365.00:00:00)])")]
    [InlineData(
        "ALTER TABLE t CREATE BRANCH b WITH SNAPSHOT RETENTION 30 MINUTES",
        "AlterTable(Table: t, Actions: [CreateRef(Kind: Branch, Name: 'b', MaxSnapshotAge: 00:30:00)])")]
    [InlineData(
        "ALTER TABLE t REPLACE TAG v1 AS OF VERSION 7",
        "AlterTable(Table: t, Actions: [CreateRef(Kind: Tag, Name: 'v1', OrReplace: True, MustExist: True, From: 7)])")]
    [InlineData("ALTER TABLE t DROP BRANCH IF EXISTS b", "AlterTable(Table: t, Actions: [DropRef(Kind: Branch, Name: 'b', IfExists: True)])")]
    [InlineData("ALTER TABLE t DROP TAG v1", "AlterTable(Table: t, Actions: [DropRef(Kind: Tag, Name: 'v1')])")]
    [InlineData("CREATE BRANCH b IN TABLE s.t", "AlterTable(Table: s.t, Actions: [CreateRef(Kind: Branch, Name: 'b')])")]
    [InlineData(
        "CREATE OR REPLACE TAG v1 IN TABLE t FROM main RETAIN 1 DAY",
        "AlterTable(Table: t, Actions: [CreateRef(Kind: Tag, Name: 'v1', OrReplace: True, From: 'main', MaxRefAge: 1.00:00:00)])")]
    [InlineData("DROP BRANCH IF EXISTS b IN TABLE t", "AlterTable(Table: t, Actions: [DropRef(Kind: Branch, Name: 'b', IfExists: True)])")]
    [InlineData("ALTER BRANCH main IN TABLE t FAST FORWARD TO audit", "AlterTable(Table: t, Actions: [FastForwardBranch(Name: 'main', Target: 'audit')])")]
    [InlineData("ALTER SCHEMA s RENAME TO u", "RenameSchema(Name: s, NewName: u)")]
    [InlineData("ALTER VIEW v RENAME TO s.w", "RenameView(Name: v, NewName: s.w)")]
    [InlineData("ALTER VIEW IF EXISTS v SET PROPERTIES (a = 'b')", "AlterViewProperties(Name: v, IfExists: True, Set: [a='b'])")]
    [InlineData("ALTER VIEW v UNSET TBLPROPERTIES ('a')", "AlterViewProperties(Name: v, Removed: ['a'])")]
    [InlineData("ALTER VIEW v AS SELECT 2", "CreateView(Name: v, OrReplace: True, Query: «SELECT 2», MustExist: True)")]
    public void Parse_AlterTableStatement_GivesItsModel(string sql, string expected)
    {
        Assert.Equal(expected, StatementDump.Of(sql));
        Assert.Equal(expected, StatementDump.Of($" /* a */ {sql} -- b\n ;"));
    }
}
