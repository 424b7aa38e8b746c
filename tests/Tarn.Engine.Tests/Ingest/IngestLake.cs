using System.Globalization;
using Tarn.Core.Values;
using Tarn.Engine.Ingest;
using Tarn.Engine.Sessions;
using Tarn.Engine.Sql;
using Tarn.Storage.Faults;
using Tarn.Testing.Files;
using Tarn.Testing.Lakes;

namespace Tarn.Engine.Tests.Ingest;

/// <summary>A lake in a temporary folder, with files to bring in.</summary>
internal sealed class IngestLake : IAsyncDisposable
{
    private readonly TemporaryFolder folder = new();
    private readonly LocalLake lake;
    private readonly LakeEngine engine;
    private readonly ISqlSession session;

    public IngestLake()
    {
        Directory.CreateDirectory(folder["in"]);
        lake = LocalLake.Open(folder["lake"], around: store => new FaultInjectingObjectStore(store, (operation, location) => Fault(operation, location)));
        (engine, session) = (lake.Engine, lake.Session);
    }

    /// <summary>Folder of the input files.</summary>
    public string Input => folder["in"];

    /// <summary>Decides which calls of the store fail; none at first.</summary>
    public Func<StoreOperation, string, StoreFault?> Fault { get; set; } = (_, _) => null;

    /// <summary>The data folder.</summary>
    public string Data => folder["lake"];

    public string Write(string name, string text) => Write(name, System.Text.Encoding.UTF8.GetBytes(text));

    public string Write(string name, byte[] bytes)
    {
        string path = Path.Combine(Input, name);
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        File.WriteAllBytes(path, bytes);
        return path;
    }

    /// <summary>Brings files into s.t.</summary>
    public Task<IngestResult> IngestAsync(string source, Func<IngestRequest, IngestRequest>? with = null)
    {
        var request = new IngestRequest([source], QualifiedName.Of("s", "t"));
        return engine.IngestAsync(with is null ? request : with(request));
    }

    public async Task RunAsync(string sql)
    {
        await using var result = await session.ExecuteAsync(sql);
    }

    /// <summary>Rows as text: values separated by |.</summary>
    public async Task<string[]> RowsAsync(string sql)
    {
        await using var result = await session.ExecuteAsync(sql);
        var rows = new List<string>();
        await foreach (var batch in result.ReadBatchesAsync())
        {
            for (int row = 0; row < batch.RowCount; row++)
                rows.Add(string.Join('|', Enumerable.Range(0, result.Columns.Count).Select(c => Text(batch.GetValue(c, row)))));
        }

        return [.. rows];
    }

    public async ValueTask DisposeAsync()
    {
        await lake.DisposeAsync();
        folder.Dispose();
    }

    private static string Text(object? value) => value switch
    {
        null => "NULL",
        Decimal38 d => d.ToString(),
        IFormattable f => f.ToString(null, CultureInfo.InvariantCulture),
        _ => value.ToString()!,
    };
}
