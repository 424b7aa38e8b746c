namespace Tarn.DuckDb.Arrow;

/// <summary>
/// Rows on their way into DuckDB as columns in the layout of
/// <see href="https://arrow.apache.org/docs/format/Columnar.html">Apache Arrow</see>: DuckDB takes them as they lie in memory.
/// </summary>
public interface IArrowStream
{
    /// <summary>The columns, at least one.</summary>
    IReadOnlyList<ArrowField> Fields { get; }

    /// <summary>
    /// The next rows, at least one; null when there are no more. Called on threads of DuckDB, by one after the other. An exception ends the
    /// statement and comes out of it.
    /// </summary>
    IArrowBatch? Next();
}

/// <summary>Some rows of a stream. Disposed on any thread, when DuckDB needs them no longer.</summary>
public interface IArrowBatch : IDisposable
{
    /// <summary>The number of rows.</summary>
    int RowCount { get; }

    /// <summary>The buffers of a column, from 0. They stay as they are until the batch is disposed.</summary>
    ArrowColumn Column(int index);
}

/// <summary>A column of a stream.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Format">
/// Its type, as a <see href="https://arrow.apache.org/docs/format/CDataInterface.html#data-type-description-format-strings">format string</see>
/// of the C data interface, of a type with a fixed width or <c>u</c> (text).
/// </param>
public sealed record ArrowField(string Name, string Format);

/// <summary>The buffers of a column, as the columnar format wants them.</summary>
/// <param name="NullCount">The number of nulls.</param>
/// <param name="Validity">A bit a row, lowest first, 0 for null; not looked at when there are no nulls.</param>
/// <param name="Values">The values; of text the offsets, four bytes each, one more than rows.</param>
/// <param name="Text">The UTF-8 that the offsets cut up; null when the column is no text.</param>
public readonly record struct ArrowColumn(int NullCount, ReadOnlyMemory<byte> Validity, ReadOnlyMemory<byte> Values, ReadOnlyMemory<byte>? Text);
