using Npgsql;
using Tarn.Core.Errors;
using Tarn.Metastore.Postgres;

namespace Tarn.Metastore.Tests.Postgres;

public sealed class PostgresOptionsTests
{
    [Fact]
    public void Parse_Uri_ReadsEveryPart()
    {
        var options = PostgresOptions.Parse("postgresql://a%40b:p%3Aw@db.example:6000/lake%20db?sslmode=verify-full&connect_timeout=3&application_name=x&sslrootcert=%2Fca.pem", "other");
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        Assert.Equal(("a@b", "p:w", "db.example", 6000, "lake db"), (connection.Username, connection.Password, connection.Host, connection.Port, connection.Database));
        Assert.Equal((SslMode.VerifyFull, 3, "x", "/ca.pem", 8), (connection.SslMode, connection.Timeout, connection.ApplicationName, connection.RootCertificate, connection.MaxPoolSize));
        Assert.Equal("db.example:6000/lake db schema other", options.Display);
    }

    [Fact]
    public void Parse_Pairs_KeepsWhatIsGiven()
    {
        var options = PostgresOptions.Parse("Host=a,b;Username=u;Maximum Pool Size=3");
        var connection = new NpgsqlConnectionStringBuilder(options.ConnectionString);
        Assert.Equal(("a,b", 3, "u", "tarn"), (connection.Host, connection.MaxPoolSize, connection.Database, options.Schema));
        Assert.True(options.HasManyHosts);
    }

    [Theory]
    [InlineData("")]
    [InlineData("postgres://")]
    [InlineData("postgres://u:TOPSECRET@h/db?nonsense=1")]
    [InlineData("postgres://u:TOPSECRET@h/db?sslmode=maybe")]
    [InlineData("postgres://u:TOPSECRET@h:99999/db")]
    [InlineData("postgres://u:TOP#SECRET@h/db")]
    [InlineData("Host=h;Password=TOPSECRET;Nonsense=1")]
    [InlineData("TOPSECRET")]
    public void Parse_Malformed_IsRefusedWithoutRepeatingIt(string text)
    {
        var error = Assert.Throws<TarnException>(() => PostgresOptions.Parse(text));
        Assert.Equal(ErrorKind.InvalidRequest, error.Kind);
        Assert.DoesNotContain("SECRET", error.ToString(), StringComparison.OrdinalIgnoreCase);
    }

    [Theory]
    [InlineData("")]
    [InlineData("Tarn")]
    [InlineData("1a")]
    [InlineData("a-b")]
    [InlineData("pg_x")]
    [InlineData("a; DROP TABLE x")]
    public void Parse_NoSchemaName_IsRefused(string schema) =>
        Assert.Equal(ErrorKind.InvalidRequest, Assert.Throws<TarnException>(() => PostgresOptions.Parse("postgres://h/d", schema)).Kind);
}
