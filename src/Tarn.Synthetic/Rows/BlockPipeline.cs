using System.Collections.Concurrent;
using System.IO.Compression;

namespace Tarn.Synthetic.Rows;

/// <summary>
/// Makes blocks of rows at the same time and writes them in order. Memory is bounded by the blocks in flight: two more than the
/// parallelism.
/// </summary>
internal sealed class BlockPipeline(RowGenerator generator, long rows, DatasetFormat format, DatasetWriteOptions options)
{
    private const int RowsPerBlock = 4096;

    // Above the longest row of any generator, keys and misspelt words included.
    internal const int CsvRowBytes = 320;
    internal const int JsonRowBytes = 640;

    private readonly int _blockBytes = RowsPerBlock * (format == DatasetFormat.Csv ? CsvRowBytes : JsonRowBytes);
    private readonly byte[][] _keys = JsonRowWriter.Keys(generator.Columns);
    private readonly ConcurrentBag<byte[]> _free = [];

    public async Task<DatasetSummary> WriteAsync(Stream target, CancellationToken cancellationToken)
    {
        var counter = new CountingStream(target);
        var planted = new PlantedDefects();
        if (options.Gzip)
        {
            await using var gzip = new GZipStream(counter, CompressionLevel.Fastest, leaveOpen: true);
            await WriteBlocksAsync(gzip, planted, cancellationToken).ConfigureAwait(false);
        }
        else
        {
            await WriteBlocksAsync(counter, planted, cancellationToken).ConfigureAwait(false);
        }
        await target.FlushAsync(cancellationToken).ConfigureAwait(false);
        return new DatasetSummary(rows, counter.Written, planted);
    }

    private async Task WriteBlocksAsync(Stream target, PlantedDefects planted, CancellationToken cancellationToken)
    {
        await target.WriteAsync(Before(), cancellationToken).ConfigureAwait(false);
        var inFlight = new Queue<Task<Block>>();
        var parallelism = Math.Max(1, options.Parallelism);
        long started = 0, written = 0;
        try
        {
            while (written < rows)
            {
                for (; started < rows && inFlight.Count <= parallelism; started += RowsPerBlock)
                {
                    var first = started;
                    inFlight.Enqueue(Task.Run(() => Make(first), cancellationToken));
                }
                var block = await inFlight.Dequeue().ConfigureAwait(false);
                written += block.RowCount;
                planted.Add(block.Planted);
                await target.WriteAsync(block.Bytes.AsMemory(0, LengthOf(block, isLast: written == rows)), cancellationToken).ConfigureAwait(false);
                _free.Add(block.Bytes);
                options.Progress?.Report(written);
            }
        }
        finally
        {
            await ((Task)Task.WhenAll(inFlight)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        }
        await target.WriteAsync(After(), cancellationToken).ConfigureAwait(false);
    }

    private Block Make(long first)
    {
        var count = (int)Math.Min(RowsPerBlock, rows - first);
        var bytes = _free.TryTake(out var free) ? free : GC.AllocateUninitializedArray<byte>(_blockBytes);
        var planted = new PlantedDefects();
        return new Block(bytes, Fill(bytes, first, count, planted), count, planted);
    }

    private int Fill(byte[] bytes, long first, int count, PlantedDefects planted)
    {
        if (format == DatasetFormat.Csv)
        {
            var csv = new CsvRowWriter(bytes);
            generator.WriteRows(ref csv, first, count, planted);
            return csv.Length;
        }
        var json = new JsonRowWriter(bytes, _keys, comma: format == DatasetFormat.Json);
        generator.WriteRows(ref json, first, count, planted);
        return json.Length;
    }

    private ReadOnlyMemory<byte> Before() => format switch
    {
        DatasetFormat.Csv => CsvRowWriter.Header(generator.Columns),
        DatasetFormat.Json => "[\n"u8.ToArray(),
        _ => ReadOnlyMemory<byte>.Empty,
    };

    // The last object of an array has no comma.
    private int LengthOf(Block block, bool isLast) => format == DatasetFormat.Json && isLast ? block.Length - ",\n"u8.Length : block.Length;

    private ReadOnlyMemory<byte> After() => format == DatasetFormat.Json ? "\n]\n"u8.ToArray() : ReadOnlyMemory<byte>.Empty;

    private sealed record Block(byte[] Bytes, int Length, int RowCount, PlantedDefects Planted);
}
