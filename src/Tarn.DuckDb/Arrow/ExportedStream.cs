using System.Runtime.CompilerServices;
using System.Runtime.ExceptionServices;
using System.Runtime.InteropServices;
using System.Text;
using Tarn.DuckDb.Functions;
using Tarn.DuckDb.Native;

namespace Tarn.DuckDb.Arrow;

/// <summary>A stream as DuckDB calls it. It must live as long as statements that read it.</summary>
internal sealed unsafe class ExportedStream : IDisposable
{
    private const int Failed = 5; // EIO

    private readonly IArrowStream _stream;
    private readonly List<nint> _memory = [];
    private readonly NativeArrowSchema _schema;
    private ExceptionDispatchInfo? _failure;

    public ExportedStream(IArrowStream stream)
    {
        _stream = stream;
        _schema = Describe(stream.Fields);
        Native = (NativeArrowStream*)Allocate(sizeof(NativeArrowStream));
        *Native = new NativeArrowStream
        {
            GetSchema = &GetSchema,
            GetNext = &GetNext,
            GetLastError = &GetLastError,
            Release = &Release,
            PrivateData = CallbackHandle.Create(this),
        };
    }

    /// <summary>What DuckDB gets.</summary>
    public NativeArrowStream* Native { get; }

    /// <summary>Throws what the stream threw, which DuckDB cannot pass on.</summary>
    public void ThrowFailure() => _failure?.Throw();

    private NativeArrowSchema Describe(IReadOnlyList<ArrowField> fields)
    {
        var children = (NativeArrowSchema*)Allocate(fields.Count * sizeof(NativeArrowSchema));
        var pointers = (NativeArrowSchema**)Allocate(fields.Count * sizeof(void*));
        for (var i = 0; i < fields.Count; i++)
        {
            children[i] = new NativeArrowSchema
            {
                Format = Text(fields[i].Format),
                Name = Text(fields[i].Name),
                Flags = NativeArrowSchema.Nullable,
                Release = &ReleaseSchema,
            };
            pointers[i] = children + i;
        }
        // A batch is a struct of its columns.
        return new NativeArrowSchema { Format = Text("+s"), Name = Text(""), ChildCount = fields.Count, Children = pointers, Release = &ReleaseSchema };
    }

    private byte* Text(string text)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var copy = (byte*)Allocate(bytes.Length + 1);
        bytes.CopyTo(new Span<byte>(copy, bytes.Length));
        return copy;
    }

    private void* Allocate(int bytes)
    {
        var memory = NativeMemory.AllocZeroed((nuint)bytes);
        _memory.Add((nint)memory);
        return memory;
    }

    private static ExportedStream Of(NativeArrowStream* stream) => CallbackHandle.Get<ExportedStream>(stream->PrivateData);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetSchema(NativeArrowStream* stream, NativeArrowSchema* schema)
    {
        *schema = Of(stream)._schema;
        return 0;
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static int GetNext(NativeArrowStream* stream, NativeArrowArray* array)
    {
        var exported = Of(stream);
        *array = default; // released: no more rows
        try
        {
            if (exported._stream.Next() is { } batch)
                ExportedBatch.Export(batch, exported._stream.Fields.Count, array);
            return 0;
        }
        catch (Exception error)
        {
            exported._failure = ExceptionDispatchInfo.Capture(error);
            return Failed;
        }
    }

    // The exception itself is thrown when the statement has ended.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static byte* GetLastError(NativeArrowStream* stream) => Of(stream)._schema.Name;

    // All memory is the stream's, and DuckDB releases copies.
    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Release(NativeArrowStream* stream) => stream->Release = null;

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void ReleaseSchema(NativeArrowSchema* schema) => schema->Release = null;

    public void Dispose()
    {
        GCHandle.FromIntPtr(Native->PrivateData).Free();
        foreach (var memory in _memory)
            NativeMemory.Free((void*)memory);
    }
}
