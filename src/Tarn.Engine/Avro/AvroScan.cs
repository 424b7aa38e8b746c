using Tarn.Core.Errors;
using Tarn.DuckDb.Functions;
using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;
using Tarn.Engine.Functions;
using Tarn.Engine.Relations;
using Tarn.Engine.Types;
using Tarn.Iceberg.Serialization.Avro;
using Tarn.Iceberg.Serialization.Compression;
using Tarn.Iceberg.Spec;

namespace Tarn.Engine.Avro;

/// <summary>
/// Avro data files of one schema as a relation of the engine: the wanted columns as <c>c0</c>, <c>c1</c>, …, then path and position of each row. Blocks are
/// decoded when they are asked for, several at once.
/// </summary>
/// <param name="files">The files.</param>
/// <param name="fields">Which fields the parts of their schema are.</param>
/// <param name="columns">Columns that the files have.</param>
internal sealed class AvroScan(IReadOnlyList<ScanFile> files, AvroFields fields, IReadOnlyList<NestedField> columns) : IRelation
{
    /// <inheritdoc/>
    public IReadOnlyList<(string Name, DuckDbType Type)> Columns { get; } =
        [.. columns.Select((c, i) => ($"c{i}", EngineType.ToDuckDb(c.Type))), (FileReading.Path, DuckDbType.Of(DuckDbTypeId.Varchar)), (FileReading.Position, DuckDbType.Of(DuckDbTypeId.BigInt))];

    /// <inheritdoc/>
    public long EstimatedRows { get; } = files.Sum(f => f.RowCount);

    /// <inheritdoc/>
    public IDuckDbTableScan Scan(IReadOnlyList<int> wanted) => new Run(this, wanted);

    private IReadOnlyList<AvroStep> Readers(ScanFile file, IReadOnlyList<int> wanted)
    {
        if (file.Avro!.Schema is not AvroRecord record)
            throw TarnException.Corrupted($"Avro file {file.File.FilePath} holds values of type {file.Avro.Schema.Type} and no rows.");
        var taken = wanted.Select((column, output) => (column, output)).Where(w => w.column >= 0 && w.column < columns.Count);
        return new AvroReaderCompiler(file.File.FilePath).Rows(record, fields, [.. taken.Select(w => (columns[w.column], w.output))]);
    }

    /// <summary>One scan: its blocks are given to threads in turn.</summary>
    private sealed class Run(AvroScan scan, IReadOnlyList<int> wanted) : IDuckDbTableScan
    {
        private readonly (ScanFile File, AvroBlock Block, long FirstRow)[] blocks = [.. scan.Files.SelectMany(BlocksOf)];
        private readonly Dictionary<string, IReadOnlyList<AvroStep>> readers =
            scan.Files.ToDictionary(f => f.Path, f => scan.Readers(f, wanted), StringComparer.Ordinal);

        private int next = -1;

        public int MaxThreads => Math.Clamp(blocks.Length, 1, Environment.ProcessorCount);

        public int FileOutput { get; } = wanted.ToList().IndexOf(scan.Columns.Count - 2);

        public int PositionOutput { get; } = wanted.ToList().IndexOf(scan.Columns.Count - 1);

        public IDuckDbTableReader OpenReader() => new BlockReader(this);

        public (ScanFile File, AvroBlock Block, long FirstRow)? NextBlock() => Interlocked.Increment(ref next) is var index && index < blocks.Length ? blocks[index] : null;

        public IReadOnlyList<AvroStep> ReadersOf(ScanFile file) => readers[file.Path];

        private static IEnumerable<(ScanFile File, AvroBlock Block, long FirstRow)> BlocksOf(ScanFile file)
        {
            long first = 0;
            foreach (var block in file.Avro!.Blocks)
            {
                yield return (file, block, first);
                first += block.Count;
            }
        }
    }

    private IReadOnlyList<ScanFile> Files => files;

    /// <summary>Reads blocks on one thread.</summary>
    private sealed class BlockReader(Run run) : IDuckDbTableReader, IDisposable
    {
        private OutputBuffer? content;
        private (ScanFile File, AvroBlock Block, long FirstRow) current;
        private int position, rowsRead;

        public int Read(DuckDbChunkWriter output)
        {
            while (content is null || rowsRead == current.Block.Count)
            {
                if (run.NextBlock() is not { } next)
                    return 0;
                Open(next);
            }

            try
            {
                return ReadRows(output);
            }
            catch (TarnException damage) when (damage.Kind == ErrorKind.DataCorrupted)
            {
                throw current.File.Avro!.Damaged(current.Block, damage);
            }
        }

        public void Dispose() => content?.Dispose();

        private void Open((ScanFile File, AvroBlock Block, long FirstRow) next)
        {
            content?.Dispose();
            current = next;
            (position, rowsRead) = (0, 0);
            content = next.File.Avro!.Decompress(next.Block);
        }

        private int ReadRows(DuckDbChunkWriter output)
        {
            int count = Math.Min(DuckDbChunkWriter.MaxRows, current.Block.Count - rowsRead);
            var reader = new AvroReader(content!.Written[position..]);
            var steps = run.ReadersOf(current.File);
            for (int row = 0; row < count; row++)
            {
                foreach (var step in steps)
                {
                    var ahead = reader;
                    if (step.Column < 0)
                        step.Reader.Skip(ref reader);
                    else if (step.IsReadAgain)
                        step.Reader.Read(ref ahead, output[step.Column], row);
                    else
                        step.Reader.Read(ref reader, output[step.Column], row);
                }
            }

            WritePlaces(output, count);
            position += reader.Position;
            rowsRead += count;
            if (rowsRead == current.Block.Count && reader.Remaining > 0)
                throw TarnException.Corrupted($"{reader.Remaining} of {content.Length} bytes are left behind its {rowsRead} values.");
            return count;
        }

        private void WritePlaces(DuckDbChunkWriter output, int count)
        {
            for (int row = 0; run.FileOutput >= 0 && row < count; row++)
                output[run.FileOutput].SetString(row, current.File.Path);
            for (int row = 0; run.PositionOutput >= 0 && row < count; row++)
                output[run.PositionOutput].Values<long>()[row] = current.FirstRow + rowsRead + row;
        }
    }
}
