using Tarn.Core.Errors;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Spec;

namespace Tarn.Iceberg.Serialization.Manifests;

/// <summary>
/// Compiles the writer schema of a manifest into steps that fill the columns of a <see cref="ColumnarManifest"/>. Only manifests whose fields
/// have the shape that the specification gives them; others are read entry by entry (<see cref="ColumnarRows"/>).
/// </summary>
internal sealed class ColumnarDecoder
{
    private readonly ManifestLayout _layout;
    private readonly ManifestFile _manifest;
    private readonly ColumnarProjection _projection;

    private ColumnarDecoder(ManifestLayout layout, ManifestFile manifest, ColumnarProjection projection) =>
        (_layout, _manifest, _projection) = (layout, manifest, projection);

    /// <summary>A decoder for the file, or null when some field has another shape.</summary>
    internal static ColumnarDecoder? TryCreate(ManifestLayout layout, ManifestFile manifest, ColumnarProjection projection)
    {
        var decoder = new ColumnarDecoder(layout, manifest, projection);
        return new ColumnarPlan(layout, new ColumnarManifest(default, manifest, layout.Partition.Type, projection, 0)).TryCompile() is null ? null : decoder;
    }

    internal ColumnarManifest Decode(ReadOnlyMemory<byte> bytes, int degree)
    {
        int count = CountEntries(bytes.Length);
        var target = new ColumnarManifest(bytes, _manifest, _layout.Partition.Type, _projection, count) { HasPartitionOfSpec = _layout.Partition.IsOfSpec };
        var plan = new ColumnarPlan(_layout, target);
        var steps = plan.TryCompile()!;
        int workers = Math.Clamp(degree, 1, Math.Max(1, _layout.File.Blocks.Count));
        var parts = new (int FirstRow, int Rows, ByteStore Store)[workers];
        Run(workers, worker => parts[worker] = DecodePart(worker, workers, steps));
        target.Bytes = Join(target, parts);
        Inherit(target, plan);
        return target;
    }

    /// <summary>Replaces what entries leave out by what they inherit.</summary>
    internal static void Inherit(ColumnarManifest target, ColumnarPlan plan)
    {
        var manifest = target.Manifest;
        var inheritance = new ManifestInheritance(manifest, plan.HasSequenceNumbers);
        for (int i = 0; i < target.Count; i++)
        {
            var status = target.Status(i);
            target.SnapshotIds[i] = inheritance.SnapshotId(ColumnarManifest.Number(target.SnapshotIds[i])) ?? ColumnarManifest.NoNumber;
            target.SequenceNumbers[i] = inheritance.SequenceNumber(ColumnarManifest.Number(target.SequenceNumbers[i]), status, i);
            target.FileSequenceNumbers[i] = inheritance.FileSequenceNumber(ColumnarManifest.Number(target.FileSequenceNumbers[i]), status) ?? ColumnarManifest.NoNumber;
            target.FirstRowIds[i] = inheritance.FirstRowId(ColumnarManifest.Number(target.FirstRowIds[i]), status, target.RecordCounts[i]) ?? ColumnarManifest.NoNumber;
        }
    }

    private static void Run(int workers, Action<int> work)
    {
        if (workers == 1)
        {
            work(0);
            return;
        }

        try
        {
            Parallel.For(0, workers, new ParallelOptions { MaxDegreeOfParallelism = workers }, work);
        }
        catch (AggregateException errors)
        {
            System.Runtime.ExceptionServices.ExceptionDispatchInfo.Throw(errors.Flatten().InnerExceptions[0]);
        }
    }

    /// <summary>Brings the bytes of all workers into one buffer and moves the slices of the later ones.</summary>
    private static byte[] Join(ColumnarManifest target, (int FirstRow, int Rows, ByteStore Store)[] parts)
    {
        if (parts.Length == 1)
            return parts[0].Store.ToArray();
        long length = parts.Sum(p => (long)p.Store.Length);
        if (length > Array.MaxLength)
            throw new TarnException(ErrorKind.ResourceExhausted, $"Manifest {target.Manifest.ManifestPath} holds {length} bytes of paths and bounds, more than {Array.MaxLength}. Write smaller manifests.");
        var bytes = new byte[length];
        int offset = 0;
        foreach (var (firstRow, rows, store) in parts)
        {
            store.Written.CopyTo(bytes.AsSpan(offset));
            foreach (var slices in offset == 0 ? [] : target.AllSlices())
            {
                foreach (ref var slice in slices.Length == 0 ? [] : slices.AsSpan(firstRow, rows))
                    slice = slice.Moved(offset);
            }

            offset += store.Length;
        }

        return bytes;
    }

    private (int FirstRow, int Rows, ByteStore Store) DecodePart(int worker, int workers, ColumnarStep[] steps)
    {
        var blocks = _layout.File.Blocks;
        int first = (int)((long)blocks.Count * worker / workers), last = (int)((long)blocks.Count * (worker + 1) / workers);
        int firstRow = blocks.Take(first).Sum(b => b.Count), row = firstRow;
        var store = new ByteStore(blocks.Skip(first).Take(last - first).Sum(b => b.SizeBytes));
        for (int i = first; i < last; i++)
        {
            _layout.File.Decode(blocks[i], _layout.Decoder.MinBytes, (ref AvroReader reader, int count) =>
            {
                for (int end = row + count; row < end; row++)
                {
                    foreach (var step in steps)
                        step.Read(ref reader, row, store);
                }
            });
        }

        return (firstRow, row - firstRow, store);
    }

    /// <summary>Entries in all blocks. Counts far above what the file's size suggests are checked before memory is taken for them.</summary>
    private int CountEntries(int fileBytes)
    {
        const int plausiblePerByte = 4;
        long count = _layout.File.Count;
        if (count > (long)fileBytes * plausiblePerByte)
            _layout.File.DecodeBlocks(_layout.Decoder.MinBytes, 1, (int _, ref AvroReader reader, int _) => reader.SkipFixed(reader.Remaining));
        return count <= Array.MaxLength
            ? (int)count
            : throw new TarnException(ErrorKind.ResourceExhausted, $"Manifest {_manifest.ManifestPath} has {count} entries, more than {Array.MaxLength}. Write smaller manifests.");
    }
}
