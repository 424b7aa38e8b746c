using System.Collections.Concurrent;
using System.Collections.Immutable;
using System.Net.Http.Headers;
using System.Text.Json;
using Tarn.Benchmarks.Commits;
using Tarn.Benchmarks.S3;
using Tarn.Iceberg.Catalogs;
using Tarn.Iceberg.Serialization.Json;
using Tarn.Iceberg.Transactions;
using Tarn.Metastore.Catalogs;
using Tarn.Metastore.Embedded;
using Tarn.Storage.Local;

namespace Tarn.Benchmarks.Rest;

/// <summary>A table that a server serves, and commits to it that are ready to be sent: their files are written.</summary>
/// <param name="Path">Its place under the server's address.</param>
/// <param name="Appends">Bodies of appends, all made for the seeded head.</param>
internal sealed record ServedTable(string Path, ConcurrentQueue<byte[]> Appends);

/// <summary>A <c>tarn up</c> of its own over a fresh data folder with two tables: one to measure, and one on which the server comes to its speed before.</summary>
internal sealed class ServedTables : IDisposable
{
    private const int Manifests = 100;

    private readonly string _folder;

    private ServedTables(string folder, ServerProcess server, HttpClient http, ServedTable measured, ServedTable warm) =>
        (_folder, Server, Http, Measured, Warm) = (folder, server, http, measured, warm);

    public ServerProcess Server { get; }

    /// <summary>A client that the server knows.</summary>
    public HttpClient Http { get; }

    public ServedTable Measured { get; }

    public ServedTable Warm { get; }

    /// <summary>Seeds the tables, writes the files of some appends, and starts the server.</summary>
    /// <param name="program">The server's program.</param>
    /// <param name="snapshots">Snapshots of each table.</param>
    /// <param name="appends">Appends to write for the measured table.</param>
    /// <param name="warmUps">Appends to write for the other.</param>
    /// <param name="connections">Most connections of the client.</param>
    public static async Task<ServedTables> StartAsync(string program, int snapshots, int appends, int warmUps, int connections)
    {
        string folder = Directory.CreateTempSubdirectory("tarn-rest-commits").FullName;
        var (measured, warm) = await SeedAsync(System.IO.Path.Join(folder, "data"), snapshots, appends, warmUps).ConfigureAwait(false);
        var server = ServerProcess.StartTarn(program, folder);
        var http = new HttpClient(new SocketsHttpHandler { MaxConnectionsPerServer = connections }) { BaseAddress = new Uri($"http://{server.Catalog}") };
        var tables = new ServedTables(folder, server, http, measured, warm);
        try
        {
            await tables.LogInAsync().ConfigureAwait(false);
            return tables;
        }
        catch (Exception)
        {
            tables.Dispose();
            throw;
        }
    }

    /// <inheritdoc/>
    public void Dispose()
    {
        Http.Dispose();
        Server.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    private async Task LogInAsync()
    {
        using var form = new FormUrlEncodedContent([new("grant_type", "client_credentials"), new("client_id", LoadRequest.AccessKey), new("client_secret", LoadRequest.SecretKey)]);
        using var token = await Http.PostAsync("/v1/oauth/tokens", form).ConfigureAwait(false);
        var granted = JsonSerializer.Deserialize<JsonElement>(await token.Content.ReadAsStringAsync().ConfigureAwait(false));
        Http.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", granted.GetProperty("access_token").GetString());
    }

    private static async Task<(ServedTable Measured, ServedTable Warm)> SeedAsync(string folder, int snapshots, int appends, int warmUps)
    {
        var data = DataFolder.OpenOrCreate(folder);
        using var store = new LocalObjectStore(data.Path);
        using var log = new EmbeddedCommitLog(data.MetastoreFolder);
        var catalog = new EmbeddedCatalog(log, store, new EmbeddedCatalogOptions { WarehouseLocation = data.WarehouseLocation });
        await catalog.CreateNamespaceAsync(SeededTable.Identifier.Namespace, ImmutableSortedDictionary<string, string>.Empty).ConfigureAwait(false);
        var measured = await SeedAsync(new SeededTable(catalog, store, SeededTable.Identifier), SeededTable.Identifier, snapshots, appends).ConfigureAwait(false);
        var other = new TableIdentifier(SeededTable.Identifier.Namespace, "warm");
        return (measured, await SeedAsync(new SeededTable(catalog, store, other), other, snapshots, warmUps).ConfigureAwait(false));
    }

    private static async Task<ServedTable> SeedAsync(SeededTable table, TableIdentifier name, int snapshots, int appends)
    {
        await table.CreateAsync(snapshots, Manifests).ConfigureAwait(false);
        var bodies = new ConcurrentQueue<byte[]>();
        await Parallel.ForAsync(0, appends, async (_, _) => bodies.Enqueue(Body(await table.AppendAsync().ConfigureAwait(false)))).ConfigureAwait(false);
        return new($"/v1/lake/namespaces/{name.Namespace.Levels[0]}/tables/{name.Name}", bodies);
    }

    private static byte[] Body(TableCommit commit) =>
        [.. "{\"requirements\":"u8, .. TableRequirementJson.WriteAll(commit.Requirements), .. ",\"updates\":"u8, .. TableUpdateJson.WriteAll(commit.Updates), .. "}"u8];
}
