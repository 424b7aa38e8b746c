using System.Collections;
using Tarn.DuckDb.Native;
using Tarn.DuckDb.Types;

namespace Tarn.DuckDb;

public static unsafe partial class DuckDbValue
{
    private delegate nint Build(nint* values, ulong count);

    private static nint CreateList(IList list)
    {
        using var elements = new ValueHandles(list);
        using var type = elements.CommonType().ToNative();
        return elements.Use((first, count) => NativeMethods.duckdb_create_list_value(type.Value, first, count));
    }

    private static nint CreateStruct(KeyValuePair<string, object?>[] fields)
    {
        using var values = new ValueHandles(fields.Select(field => field.Value).ToList());
        using var type = DuckDbType.Struct([.. fields.Select((field, i) => new DuckDbField(field.Key, values.TypeOf(i)))]).ToNative();
        return values.Use((first, _) => NativeMethods.duckdb_create_struct_value(type.Value, first));
    }

    private static nint CreateMap(KeyValuePair<object, object?>[] pairs)
    {
        using var keys = new ValueHandles(pairs.Select(pair => pair.Key).ToList());
        using var values = new ValueHandles(pairs.Select(pair => pair.Value).ToList());
        using var type = DuckDbType.Map(keys.CommonType(), values.CommonType()).ToNative();
        return keys.Use((key, count) => values.Use((value, _) => NativeMethods.duckdb_create_map_value(type.Value, key, value, count)));
    }

    /// <summary>The values of the parts of a nested value.</summary>
    private sealed class ValueHandles : IDisposable
    {
        private readonly ValueHandle[] _handles;

        public ValueHandles(IList objects)
        {
            _handles = new ValueHandle[objects.Count];
            try
            {
                for (var i = 0; i < _handles.Length; i++)
                    _handles[i] = Create(objects[i]);
            }
            catch
            {
                Dispose();
                throw;
            }
        }

        // The library keeps the type that it hands out here, so it is copied.
        public DuckDbType TypeOf(int index) => DuckDbType.Borrow(NativeMethods.duckdb_get_value_type(_handles[index].Value));

        public DuckDbType CommonType()
        {
            var sample = Array.FindIndex(_handles, handle => !NativeMethods.duckdb_is_null_value(handle.Value));
            return sample < 0 ? DuckDbType.Of(DuckDbTypeId.SqlNull) : TypeOf(sample);
        }

        public nint Use(Build build)
        {
            // One spare slot, because the library refuses a null pointer even for no elements.
            var pointers = _handles.Select(handle => handle.Value).Append(0).ToArray();
            fixed (nint* first = pointers)
                return build(first, (ulong)_handles.Length);
        }

        public void Dispose()
        {
            foreach (var handle in _handles)
                handle?.Dispose();
        }
    }
}
