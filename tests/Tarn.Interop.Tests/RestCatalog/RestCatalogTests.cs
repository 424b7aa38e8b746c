using System.ComponentModel;
using System.Diagnostics;
using Tarn.Interop.Tests.ObjectStore;
using Tarn.Interop.Tests.Peers;
using Tarn.Testing;

namespace Tarn.Interop.Tests.RestCatalog;

/// <summary>Unmodified clients and the public compatibility kit against the Iceberg REST door of <c>tarn up</c>.</summary>
public sealed class RestCatalogTests
{
    // Two tests of the kit use the namespace 'parent', and the first one leaves it behind: this one needs a catalog of its own.
    private const string NeedsItsOwnCatalog = "testDropNamespaceWithNestedNamespace";

    /// <summary>Tables with <c>file:</c> locations, which the kit names itself; nested namespaces and names with dot and slash included.</summary>
    [Fact]
    public async Task CompatibilityKit_OnALakeOfFiles_PassesInFull()
    {
        var printed = await RunKitAsync("--extended", "--exclude", "RESTCompatibilityKitCatalogTests#" + NeedsItsOwnCatalog);
        if (printed is null)
            return;
        Assert.Contains(" 0 failed", printed[^1], StringComparison.Ordinal);
        // What the kit switches off by itself: an empty namespace, and what its own server cannot be told.
        Assert.Contains("5 aborted", printed[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task CompatibilityKit_TestThatNeedsItsOwnCatalog_Passes()
    {
        if (await RunKitAsync("--extended", "--only", "#" + NeedsItsOwnCatalog) is { } printed)
            Assert.Contains("1 passed, 0 failed", printed[^1], StringComparison.Ordinal);
    }

    /// <summary>Tables in Tarn's own storage, with the keys that the catalog hands out: the client has none.</summary>
    [Fact]
    public async Task CompatibilityKit_WithVendedCredentials_FailsOnlyWhereItNamesFiles()
    {
        if (SharedFolder.TryGet("peers", "rck", "run.sh") is not { } kit || !HasJava())
            return;
        await using var server = await ObjectStoreServer.StartAsync(isTls: false);
        string[] settings = ["--set", "requires-namespace-create=true", "--set", "header.X-Iceberg-Access-Delegation=vended-credentials"];
        var printed = await PeerProcess.RunAsync(
            "sh", [kit, "--uri", server.Catalog + "/", "--warehouse", "lake", "--credential", Credential(':'), "--s3-endpoint", server.Endpoint, "--quiet", .. settings], [], server.Folder, exitCodes: [0, 1]);
        // A location like file:/tmp/ns/tbl is not below the lake; docs/protocols/iceberg-rest.md names them too.
        string[] namesFiles =
        [
            "completeCreateView", "createAndReplaceViewWithLocation", "createViewWithCustomMetadataLocation", "testCompleteCreateOrReplaceTransactionCreate",
            "testCompleteCreateOrReplaceTransactionReplace", "testCompleteCreateTable", "testCompleteCreateTransaction", "testCompleteCreateTransactionMultipleSchemas",
            "testCompleteCreateTransactionV2", "testCompleteReplaceTransaction", "testCreateTableWithDefaultColumnValue", "testLoadTable", "updateViewLocation",
        ];
        string[] failed = [.. printed.Where(line => line.StartsWith("FAILED", StringComparison.Ordinal)).Select(line => line.Split('#')[1].Split(' ')[0]).Distinct().Order(StringComparer.Ordinal)];
        Assert.Equal(namesFiles, failed);
        Assert.Contains("131 passed", printed[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task PyIceberg_ItsRound_IsDone()
    {
        if (await PeerCache.PythonAsync() is not { } python || SharedFolder.TryGet("peers", "examples", "pyiceberg_rest.py") is not { } script)
            return;
        await using var server = await ObjectStoreServer.StartAsync(isTls: false);
        string[] sizes = ["--rows", Soak.Rounds(1000, 10_000).ToString(System.Globalization.CultureInfo.InvariantCulture), "--commits", "3"];
        AllPassed(await PeerProcess.RunAsync(
            python,
            [script, "--uri", server.Catalog + "/", "--credential", Credential(':'), "--s3-endpoint", server.Endpoint, "--s3-key", Credential(':'), .. sizes],
            [], server.Folder, exitCodes: [0, 1]));
    }

    [Theory]
    [InlineData("lake", "")]
    [InlineData("", "DISABLE_MULTI_TABLE_COMMIT true")]
    public async Task DuckDb_ItsRound_IsDone(string warehouse, string attachOption)
    {
        if (await PeerCache.PythonAsync() is not { } python || SharedFolder.TryGet("peers", "examples", "duckdb_rest.py") is not { } script)
            return;
        await using var server = await ObjectStoreServer.StartAsync(isTls: false);
        string[] option = attachOption.Length > 0 ? ["--attach-option", attachOption] : [];
        AllPassed(await PeerProcess.RunAsync(
            python,
            [
                script, "--uri", server.Catalog, "--warehouse", warehouse, "--client-id", ObjectStoreServer.AccessKey, "--client-secret", ObjectStoreServer.Secret,
                "--s3-endpoint", server.Endpoint, "--s3-key", Credential(':'), .. option,
            ],
            [], server.Folder, exitCodes: [0, 1]));
    }

    private static void AllPassed(IReadOnlyList<string> printed) =>
        Assert.True(printed.Count > 0 && printed[^1].EndsWith(" 0 failed", StringComparison.Ordinal), string.Join('\n', printed));

    private static string Credential(char separator) => $"{ObjectStoreServer.AccessKey}{separator}{ObjectStoreServer.Secret}";

    private static async Task<IReadOnlyList<string>?> RunKitAsync(params string[] choice)
    {
        if (SharedFolder.TryGet("peers", "rck", "run.sh") is not { } kit || !HasJava())
            return null;
        await using var server = await ObjectStoreServer.StartAsync(isTls: false, isFileLake: true);
        var printed = await PeerProcess.RunAsync(
            "sh",
            [kit, "--uri", server.Catalog + "/", "--warehouse", "lake", "--credential", Credential(':'), "--set", "requires-namespace-create=true", "--quiet", .. choice],
            [], server.Folder, exitCodes: [0, 1]);
        Assert.DoesNotContain(printed, line => line.StartsWith("FAILED", StringComparison.Ordinal));
        return printed;
    }

    private static bool HasJava()
    {
        try
        {
            using var java = Process.Start(new ProcessStartInfo("java", "-version") { RedirectStandardError = true })!;
            java.StandardError.ReadToEnd();
            java.WaitForExit();
            return true;
        }
        catch (Win32Exception)
        {
            LoudSkip.Say("no java (openjdk-17-jre-headless) is installed; the REST compatibility kit did not run.");
            return false;
        }
    }
}
