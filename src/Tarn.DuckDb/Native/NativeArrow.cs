using System.Runtime.InteropServices;

namespace Tarn.DuckDb.Native;

/// <summary><c>struct ArrowSchema</c> of the <see href="https://arrow.apache.org/docs/format/CDataInterface.html">C data interface</see>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeArrowSchema
{
    /// <summary>ARROW_FLAG_NULLABLE.</summary>
    public const long Nullable = 2;

    public byte* Format;
    public byte* Name;
    public byte* Metadata;
    public long Flags;
    public long ChildCount;
    public NativeArrowSchema** Children;
    public NativeArrowSchema* Dictionary;
    public delegate* unmanaged[Cdecl]<NativeArrowSchema*, void> Release;
    public nint PrivateData;
}

/// <summary><c>struct ArrowArray</c> of the C data interface.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeArrowArray
{
    public long Length;
    public long NullCount;
    public long Offset;
    public long BufferCount;
    public long ChildCount;
    public void** Buffers;
    public NativeArrowArray** Children;
    public NativeArrowArray* Dictionary;
    public delegate* unmanaged[Cdecl]<NativeArrowArray*, void> Release;
    public nint PrivateData;
}

/// <summary><c>struct ArrowArrayStream</c> of the <see href="https://arrow.apache.org/docs/format/CStreamInterface.html">C stream interface</see>.</summary>
[StructLayout(LayoutKind.Sequential)]
internal unsafe struct NativeArrowStream
{
    public delegate* unmanaged[Cdecl]<NativeArrowStream*, NativeArrowSchema*, int> GetSchema;
    public delegate* unmanaged[Cdecl]<NativeArrowStream*, NativeArrowArray*, int> GetNext;
    public delegate* unmanaged[Cdecl]<NativeArrowStream*, byte*> GetLastError;
    public delegate* unmanaged[Cdecl]<NativeArrowStream*, void> Release;
    public nint PrivateData;
}
