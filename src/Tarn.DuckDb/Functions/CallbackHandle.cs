using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;

namespace Tarn.DuckDb.Functions;

/// <summary>Hands objects to DuckDB as opaque pointers that it gives back to callbacks and finally destroys.</summary>
internal static unsafe class CallbackHandle
{
    /// <summary>The destructor to register beside the pointer. Disposes an <see cref="IDisposable"/>.</summary>
    internal static delegate* unmanaged[Cdecl]<nint, void> Destroy => &Free;

    internal static nint Create(object target) => GCHandle.ToIntPtr(GCHandle.Alloc(target));

    internal static T Get<T>(nint handle) where T : class => Unsafe.As<T>(GCHandle.FromIntPtr(handle).Target!);

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Free(nint handle) => Release(handle);

    /// <summary>Lets the object go. Disposes an <see cref="IDisposable"/>.</summary>
    internal static void Release(nint handle)
    {
        var gcHandle = GCHandle.FromIntPtr(handle);
        var target = gcHandle.Target as IDisposable;
        gcHandle.Free();
        target?.Dispose();
    }
}
