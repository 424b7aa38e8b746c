using System.Globalization;
using Tarn.Core.Errors;
using Tarn.DuckDb.Functions;
using Tarn.DuckDb.Types;
using Tarn.DuckDb.Writing;
using Tarn.Engine.Functions;
using Tarn.Engine.Relations;
using Tarn.Engine.Types;

namespace Tarn.Engine.Foreign.Lines;

/// <summary>Files of lines in one form as a relation of the engine: their columns as <c>c0</c>, <c>c1</c>, …, then the path of each row's file. Several files are read at once.</summary>
/// <param name="files">The files.</param>
/// <param name="form">How they are read.</param>
internal sealed class LineScan(IReadOnlyList<ScanFile> files, LineForm form) : IRelation
{
    /// <inheritdoc/>
    public IReadOnlyList<(string Name, DuckDbType Type)> Columns { get; } =
        [.. form.Columns.Select((c, i) => ($"c{i}", EngineType.ToDuckDb(c.Type))), (FileReading.Path, DuckDbType.Of(DuckDbTypeId.Varchar))];

    /// <inheritdoc/>
    public long EstimatedRows { get; } = files.Sum(f => f.RowCount);

    /// <inheritdoc/>
    public IDuckDbTableScan Scan(IReadOnlyList<int> wanted) => new Run(files, form, wanted);

    private sealed class Run(IReadOnlyList<ScanFile> files, LineForm form, IReadOnlyList<int> wanted) : IDuckDbTableScan
    {
        private int _next = -1;

        public int MaxThreads => Math.Clamp(files.Count, 1, Environment.ProcessorCount);

        public LineForm Form => form;

        public int PathOutput { get; } = wanted.ToList().IndexOf(form.Columns.Count);

        public IDuckDbTableReader OpenReader() => new Reader(this, form.NewDecoder(
            [.. wanted.Select((column, output) => (column, output)).Where(w => w.column >= 0 && w.column < form.Columns.Count).Select(w => new LineColumn(w.column, form.Columns[w.column], form.Types[w.column], w.output))]));

        public ScanFile? NextFile() => Interlocked.Increment(ref _next) is var index && index < files.Count ? files[index] : null;
    }

    /// <summary>Reads files on one thread.</summary>
    private sealed class Reader(Run run, ILineDecoder decoder) : IDuckDbTableReader, IDisposable
    {
        private ScanFile? _file;
        private LineFile? _lines;

        public int Read(DuckDbChunkWriter output)
        {
            int row = 0;
            while (row < DuckDbChunkWriter.MaxRows)
            {
                if (_lines is null && !Open())
                    break;
                if (!_lines!.TryRead(out var line))
                {
                    Dispose();
                    continue;
                }

                if (_lines.Number > run.Form.HeaderLines)
                    Decode(line, output, row++);
            }

            return row;
        }

        public void Dispose()
        {
            _lines?.Dispose();
            _lines = null;
        }

        private bool Open()
        {
            _file = run.NextFile();
            if (_file is null)
                return false;
            _lines = LineFile.Open(_file.Path, _file.File.FilePath);
            return true;
        }

        private void Decode(ReadOnlySpan<byte> line, DuckDbChunkWriter output, int row)
        {
            try
            {
                decoder.Decode(line, output, row);
            }
            catch (TarnException error) when (error.Kind is ErrorKind.DataCorrupted or ErrorKind.Unsupported)
            {
                throw new TarnException(error.Kind, string.Create(CultureInfo.InvariantCulture, $"Line {_lines!.Number} of '{_file!.File.FilePath}' cannot be read: {error.Message}."), error);
            }

            if (run.PathOutput >= 0)
                output[run.PathOutput].SetString(row, _file!.Path);
        }
    }
}
