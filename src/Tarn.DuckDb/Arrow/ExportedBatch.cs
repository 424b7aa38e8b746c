using System.Buffers;
using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using Tarn.DuckDb.Functions;
using Tarn.DuckDb.Native;

namespace Tarn.DuckDb.Arrow;

/// <summary>A batch in the hands of DuckDB: its buffers stand still until DuckDB releases it.</summary>
internal sealed unsafe class ExportedBatch : IDisposable
{
    // Validity, values, text.
    private const int BuffersPerColumn = 3;

    private readonly IArrowBatch _batch;
    private readonly List<MemoryHandle> _pins = [];
    private byte* _memory;

    private ExportedBatch(IArrowBatch batch) => _batch = batch;

    /// <summary>Fills the array that DuckDB gave, which owns the batch from then on.</summary>
    public static void Export(IArrowBatch batch, int columns, NativeArrowArray* array)
    {
        var exported = new ExportedBatch(batch);
        try
        {
            exported.Fill(columns, array);
        }
        catch
        {
            exported.Dispose();
            throw;
        }
        array->PrivateData = CallbackHandle.Create(exported);
        array->Release = &Release;
    }

    // One piece of memory: the children, the pointers to them, their buffers, and the one buffer of the parent, which has no nulls.
    private void Fill(int columns, NativeArrowArray* array)
    {
        _memory = (byte*)NativeMemory.AllocZeroed((nuint)(columns * (sizeof(NativeArrowArray) + (1 + BuffersPerColumn) * sizeof(void*)) + sizeof(void*)));
        var children = (NativeArrowArray*)_memory;
        var pointers = (NativeArrowArray**)(children + columns);
        var buffers = (void**)(pointers + columns);
        for (var i = 0; i < columns; i++)
        {
            pointers[i] = children + i;
            FillColumn(children + i, _batch.Column(i), buffers + i * BuffersPerColumn);
        }
        *array = new NativeArrowArray
        {
            Length = _batch.RowCount,
            BufferCount = 1,
            Buffers = buffers + columns * BuffersPerColumn,
            ChildCount = columns,
            Children = pointers,
        };
    }

    private void FillColumn(NativeArrowArray* child, ArrowColumn column, void** buffers)
    {
        buffers[0] = column.NullCount == 0 ? null : Pin(column.Validity);
        buffers[1] = Pin(column.Values);
        buffers[2] = column.Text is { } text ? Pin(text) : null;
        *child = new NativeArrowArray
        {
            Length = _batch.RowCount,
            NullCount = column.NullCount,
            BufferCount = column.Text is null ? BuffersPerColumn - 1 : BuffersPerColumn,
            Buffers = buffers,
            Release = &ReleaseChild,
        };
    }

    private void* Pin(ReadOnlyMemory<byte> memory)
    {
        var pin = memory.Pin();
        _pins.Add(pin);
        return pin.Pointer;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Release(NativeArrowArray* array)
    {
        var handle = array->PrivateData;
        array->Release = null;
        CallbackHandle.Release(handle);
    }

    // The memory of a child is its parent's.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void ReleaseChild(NativeArrowArray* array) => array->Release = null;

    public void Dispose()
    {
        foreach (var pin in _pins)
            pin.Dispose();
        NativeMemory.Free(_memory);
        _batch.Dispose();
    }
}
