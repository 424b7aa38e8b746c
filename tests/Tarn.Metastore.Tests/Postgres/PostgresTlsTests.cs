using Tarn.Core.Errors;
using Tarn.Metastore.Postgres;
using Tarn.Testing.Files;
using Tarn.Testing.Postgres;

namespace Tarn.Metastore.Tests.Postgres;

/// <summary>PostgreSQL over TLS.</summary>
[Collection(PostgresFixture.Name)]
public sealed class PostgresTlsTests(PostgresFixture fixture)
{
    [Theory]
    [InlineData("require", false)]
    [InlineData("verify-ca", true)]
    [InlineData("verify-full", true)]
    public async Task Append_OverTls_CommitsAndIsEncrypted(string mode, bool namesAuthority)
    {
        if (fixture.Server is not { } server)
            return;
        var options = PostgresOptions.Parse(server.TlsAddress(mode, namesAuthority ? server.Authority : null), PostgresServer.NewSchemaName());
        using var log = new PostgresCommitLog(options);
        await log.AppendAsync(PostgresMigrationTests.Put("a"));
        Assert.Equal(1, (await log.ReadAsync()).Number);
        await using var source = PostgresCommitLog.NewSource(options);
        await using var command = source.CreateCommand("SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()");
        Assert.Equal(true, await command.ExecuteScalarAsync());
    }

    /// <summary>A certificate of another authority, or for another host: the password is never sent.</summary>
    [Theory]
    [InlineData("verify-full", true, "127.0.0.1")]
    [InlineData("verify-ca", true, "127.0.0.1")]
    [InlineData("verify-full", false, "localhost")]
    public async Task Append_CertificateProvesSomebodyElse_IsRefusedAtOnce(string mode, bool isOtherAuthority, string host)
    {
        if (fixture.Server is not { } server)
            return;
        using var folder = new TemporaryFolder();
        ServerCertificate.Write(folder.Path);
        string address = server.TlsAddress(mode, isOtherAuthority ? folder["ca.crt"] : server.Authority, host);
        using var log = new PostgresCommitLog(PostgresOptions.Parse(address, PostgresServer.NewSchemaName()));
        var error = await Assert.ThrowsAsync<TarnException>(() => log.AppendAsync(PostgresMigrationTests.Put("a")).AsTask());
        Assert.Equal(ErrorKind.Unavailable, error.Kind);
        Assert.Contains("certificate", error.Message, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain(PostgresServer.Password, error.ToString(), StringComparison.Ordinal);
    }
}
