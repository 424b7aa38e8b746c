using System.Runtime.InteropServices;
using Tarn.DuckDb.Native;

namespace Tarn.DuckDb.Types;

public sealed unsafe partial class DuckDbType
{
    /// <summary>Reads a native type tree and destroys the handle.</summary>
    internal static DuckDbType Take(nint native)
    {
        using var handle = new LogicalTypeHandle(native);
        return Read(native);
    }

    /// <summary>Reads a native type tree that belongs to somebody else.</summary>
    internal static DuckDbType Borrow(nint native) => Read(native);

    private static DuckDbType Read(nint native)
    {
        var alias = NativeMethods.TakeString(NativeMethods.duckdb_logical_type_get_alias(native));
        var type = ReadShape(native);
        return string.IsNullOrEmpty(alias) ? type : type.WithAlias(alias);
    }

    private static DuckDbType ReadShape(nint native)
    {
        var id = NativeMethods.duckdb_get_type_id(native);
        switch (id)
        {
            case DuckDbTypeId.Decimal:
                return Decimal(NativeMethods.duckdb_decimal_width(native), NativeMethods.duckdb_decimal_scale(native));
            case DuckDbTypeId.List:
                return List(Take(NativeMethods.duckdb_list_type_child_type(native)));
            case DuckDbTypeId.Array:
                return Array(
                    Take(NativeMethods.duckdb_array_type_child_type(native)),
                    (int)NativeMethods.duckdb_array_type_array_size(native));
            case DuckDbTypeId.Map:
                return Map(
                    Take(NativeMethods.duckdb_map_type_key_type(native)),
                    Take(NativeMethods.duckdb_map_type_value_type(native)));
            case DuckDbTypeId.Struct:
                return Struct(ReadFields(native, NativeMethods.duckdb_struct_type_child_count(native),
                    NativeMethods.duckdb_struct_type_child_name, NativeMethods.duckdb_struct_type_child_type));
            case DuckDbTypeId.Union:
                return Union(ReadFields(native, NativeMethods.duckdb_union_type_member_count(native),
                    NativeMethods.duckdb_union_type_member_name, NativeMethods.duckdb_union_type_member_type));
            case DuckDbTypeId.Enum:
                return Enum(ReadEnumValues(native));
            default:
                return Of(id);
        }
    }

    private static DuckDbField[] ReadFields(nint native, ulong count, Func<nint, ulong, nint> name, Func<nint, ulong, nint> type)
    {
        var fields = new DuckDbField[count];
        for (var i = 0; i < fields.Length; i++)
            fields[i] = new DuckDbField(NativeMethods.TakeString(name(native, (ulong)i)) ?? "", Take(type(native, (ulong)i)));
        return fields;
    }

    private static string[] ReadEnumValues(nint native)
    {
        var values = new string[NativeMethods.duckdb_enum_dictionary_size(native)];
        for (var i = 0; i < values.Length; i++)
            values[i] = NativeMethods.TakeString(NativeMethods.duckdb_enum_dictionary_value(native, (ulong)i)) ?? "";
        return values;
    }

    /// <summary>Builds the native type; the caller disposes it.</summary>
    internal LogicalTypeHandle ToNative()
    {
        var native = new LogicalTypeHandle(CreateNative());
        if (native.IsInvalid)
            throw new ArgumentException($"DuckDB refuses the type {this}.");
        if (Alias is not null)
            NativeMethods.duckdb_logical_type_set_alias(native.Value, Alias);
        return native;
    }

    private nint CreateNative()
    {
        switch (Id)
        {
            case DuckDbTypeId.Decimal:
                return NativeMethods.duckdb_create_decimal_type(Width, Scale);
            case DuckDbTypeId.Enum:
                return WithTexts(EnumValues, (names, count) => NativeMethods.duckdb_create_enum_type((nint*)names, count));
            case DuckDbTypeId.List or DuckDbTypeId.Array or DuckDbTypeId.Map or DuckDbTypeId.Struct or DuckDbTypeId.Union:
                return CreateNested();
            default:
                return NativeMethods.duckdb_create_logical_type(Id);
        }
    }

    private nint CreateNested()
    {
        var parts = Children.Select(child => child.Type.ToNative()).ToArray();
        try
        {
            var handles = parts.Select(part => part.Value).ToArray();
            return Id switch
            {
                DuckDbTypeId.List => NativeMethods.duckdb_create_list_type(handles[0]),
                DuckDbTypeId.Array => NativeMethods.duckdb_create_array_type(handles[0], (ulong)ArraySize),
                DuckDbTypeId.Map => NativeMethods.duckdb_create_map_type(handles[0], handles[1]),
                _ => WithTexts([.. Children.Select(child => child.Name)], (names, count) => CreateNamed(handles, names, count)),
            };
        }
        finally
        {
            foreach (var part in parts)
                part.Dispose();
        }
    }

    private nint CreateNamed(nint[] handles, nint names, ulong count)
    {
        fixed (nint* types = handles)
            return Id == DuckDbTypeId.Struct
                ? NativeMethods.duckdb_create_struct_type(types, (nint*)names, count)
                : NativeMethods.duckdb_create_union_type(types, (nint*)names, count);
    }

    private static nint WithTexts(IReadOnlyList<string> texts, Func<nint, ulong, nint> use)
    {
        var pointers = texts.Select(Marshal.StringToCoTaskMemUTF8).ToArray();
        try
        {
            fixed (nint* first = pointers)
                return use((nint)first, (ulong)pointers.Length);
        }
        finally
        {
            foreach (var pointer in pointers)
                Marshal.FreeCoTaskMem(pointer);
        }
    }
}
