using Tarn.Core.Errors;

namespace Tarn.DuckDb.Tests;

public sealed class DuckDbErrorTests(DatabaseFixture fixture) : IClassFixture<DatabaseFixture>, IDisposable
{
    private readonly DuckDbConnection _connection = fixture.Database.Connect();

    public void Dispose() => _connection.Dispose();

    [Theory]
    [InlineData("SELEKT 1", DuckDbErrorType.Parser, ErrorKind.InvalidRequest)]
    [InlineData("SELECT nothing_here", DuckDbErrorType.Binder, ErrorKind.InvalidRequest)]
    [InlineData("SELECT * FROM nothing_here", DuckDbErrorType.Catalog, ErrorKind.NotFound)]
    [InlineData("SELECT nothing_here(1)", DuckDbErrorType.Catalog, ErrorKind.NotFound)]
    [InlineData("CREATE TEMP TABLE t(i INT); CREATE TEMP TABLE t(i INT)", DuckDbErrorType.Catalog, ErrorKind.AlreadyExists)]
    [InlineData("SELECT 'x'::INTEGER", DuckDbErrorType.Conversion, ErrorKind.InvalidRequest)]
    [InlineData("SELECT 2147483647::INTEGER + 1::INTEGER", DuckDbErrorType.OutOfRange, ErrorKind.InvalidRequest)]
    [InlineData("FROM read_parquet('/nowhere/at/all.parquet')", DuckDbErrorType.IO, ErrorKind.NotFound)]
    [InlineData("CREATE TEMP TABLE n(i INT NOT NULL); INSERT INTO n VALUES (NULL)", DuckDbErrorType.Constraint, ErrorKind.InvalidRequest)]
    [InlineData("SELECT error('own words')", DuckDbErrorType.InvalidInput, ErrorKind.InvalidRequest)]
    [InlineData("SET nothing_here = 1", DuckDbErrorType.Catalog, ErrorKind.InvalidRequest)]
    public void Query_WrongStatement_ThrowsTypedError(string sql, DuckDbErrorType type, ErrorKind kind)
    {
        using var connection = fixture.Database.Connect();
        var error = Assert.Throws<DuckDbException>(() => connection.Query(sql));
        Assert.Equal((type, kind), (error.Type, error.Kind));
        Assert.False(error.InvalidatesInstance);
        Assert.False(fixture.Database.IsInvalidated);
    }

    [Theory]
    [InlineData("SELECT * FORM x", 1, 15)]
    [InlineData("SELECT\n  1,\n  missing_column", 3, 3)]
    [InlineData("SELECT 1,\r\n  missing_column", 2, 3)]
    [InlineData("SELECT '漢字', missing_column", 1, 14)]
    [InlineData("SELECT 'é', missing_column", 1, 13)]
    public void Query_ErrorWithAPlace_GivesLineAndColumn(string sql, int line, int column)
    {
        var error = Assert.Throws<DuckDbException>(() => _connection.Query(sql));
        Assert.Equal((line, column), (error.Line, error.Column));
    }

    [Fact]
    public void Query_ErrorInALongLine_IsLocatedBehindTheCut()
    {
        var sql = "SELECT " + string.Join(", ", Enumerable.Range(0, 200)) + ", missing_column, " + string.Join(", ", Enumerable.Range(0, 200));
        var error = Assert.Throws<DuckDbException>(() => _connection.Query(sql));
        Assert.Equal(sql.IndexOf("missing_column", StringComparison.Ordinal), error.Position!.Value.Offset);
        Assert.Equal("missing_column", sql.Substring(error.Column!.Value - 1, 14));
    }

    [Fact]
    public void Prepare_WrongStatement_ThrowsTypedErrorWithPlace()
    {
        var error = Assert.Throws<DuckDbException>(() => _connection.Prepare("SELECT ?::INTEGER,\n missing_column"));
        Assert.Equal((DuckDbErrorType.Binder, 2, 2), (error.Type, error.Line, error.Column));
        Assert.Equal(DuckDbErrorType.Parser, Assert.Throws<DuckDbException>(() => _connection.Prepare("SELEKT")).Type);
    }

    [Fact]
    public void Query_TextWithNul_IsRefused() =>
        Assert.Equal(ErrorKind.InvalidRequest, Assert.Throws<DuckDbException>(() => _connection.Query("SELECT 1\0, 2")).Kind);

    [Theory]
    [InlineData(DuckDbErrorType.OutOfMemory, "Out of Memory Error: could not allocate block", ErrorKind.ResourceExhausted)]
    [InlineData(DuckDbErrorType.IO, "IO Error: Could not write file \"x\": No space left on device", ErrorKind.ResourceExhausted)]
    [InlineData(DuckDbErrorType.IO, "IO Error: Cannot open file \"x\": Permission denied", ErrorKind.PermissionDenied)]
    [InlineData(DuckDbErrorType.IO, "IO Error: Could not set lock on file \"x\": Conflicting lock is held", ErrorKind.Unavailable)]
    [InlineData(DuckDbErrorType.Permission, "Permission Error: no", ErrorKind.PermissionDenied)]
    [InlineData(DuckDbErrorType.NotImplemented, "Not implemented Error: x", ErrorKind.Unsupported)]
    [InlineData(DuckDbErrorType.Internal, "INTERNAL Error: x", ErrorKind.Internal)]
    [InlineData(DuckDbErrorType.Fatal, "FATAL Error: x", ErrorKind.Internal)]
    [InlineData(DuckDbErrorType.InvalidInput, "Failed: database has been invalidated because of a previous fatal error.", ErrorKind.Internal)]
    public void KindOf_EachGroup_SaysWhatToDo(DuckDbErrorType type, string message, ErrorKind kind)
    {
        Assert.Equal(kind, DuckDbErrors.KindOf(type, message));
        Assert.Equal(kind == ErrorKind.Internal, DuckDbErrors.InvalidatesInstance(type, message));
    }

    [Fact]
    public void TypeOf_EveryPrefix_IsReadFromTheMessage()
    {
        Assert.Equal(DuckDbErrorType.Parser, DuckDbErrors.TypeOf("Parser Error: x"));
        Assert.Equal(DuckDbErrorType.Interrupt, DuckDbErrors.TypeOf("INTERRUPT Error: Interrupted!"));
        Assert.Equal(DuckDbErrorType.Invalid, DuckDbErrors.TypeOf("no type here"));
    }

    [Fact]
    public void Query_MemoryLimit_IsResourceExhausted()
    {
        using var database = DuckDbDatabase.Open(settings: new Dictionary<string, string>
        {
            ["memory_limit"] = "20MB", ["max_temp_directory_size"] = "0KB", ["threads"] = "1",
        });
        using var connection = database.Connect();
        var error = Assert.Throws<DuckDbException>(() => connection.Query("SELECT list(i || repeat('x', 100)) FROM range(2000000) r(i)"));
        Assert.Equal(ErrorKind.ResourceExhausted, error.Kind);
        Assert.Equal(1, connection.Scalar("SELECT 1"));
    }

    [Fact]
    public void IsInvalidated_AfterAFatalError_IsTrueForTheInstanceOnly()
    {
        var folder = Directory.CreateTempSubdirectory("tarn-duckdb");
        using (var database = DuckDbDatabase.Open(Path.Combine(folder.FullName, "broken.db")))
        using (var connection = database.Connect())
        {
            connection.Execute("CREATE TABLE t AS FROM range(10)");
            Assert.False(database.IsInvalidated);
            // DuckDB's own switch for its crash tests: the checkpoint ends with a fatal error.
            connection.Execute("SET debug_checkpoint_abort = 'before_header'");
            var error = Assert.Throws<DuckDbException>(() => connection.Execute("CHECKPOINT"));
            Assert.Equal((DuckDbErrorType.Fatal, ErrorKind.Internal), (error.Type, error.Kind));
            Assert.True(error.InvalidatesInstance);
            Assert.True(database.IsInvalidated);
            using var other = database.Connect();
            Assert.True(Assert.Throws<DuckDbException>(() => other.Query("FROM t")).InvalidatesInstance);
        }
        Assert.False(fixture.Database.IsInvalidated);
        folder.Delete(recursive: true);
    }
}
