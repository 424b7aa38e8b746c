using System.Text;
using Tarn.Iceberg.Serialization.Avro;

namespace Tarn.Iceberg.Maintenance;

/// <summary>Writes an Avro file again with some field values changed. Schema, file metadata and fields that nobody here knows stay as they are.</summary>
internal static class AvroRewrite
{
    /// <summary>Rewrites a file.</summary>
    /// <param name="file">The file.</param>
    /// <param name="values">All its values.</param>
    /// <param name="change">Gives the new value for a field and its present value; called for every field of every record outside of lists and maps.</param>
    public static byte[] Apply(AvroFile file, IReadOnlyList<object?> values, Func<AvroField, object?, object?> change)
    {
        var metadata = file.Metadata.Where(m => !m.Key.StartsWith("avro.", StringComparison.Ordinal)).Select(m => KeyValuePair.Create(m.Key, Encoding.UTF8.GetString(m.Value)));
        var writer = new AvroFileWriter(file.Schema, file.Codec, metadata);
        foreach (object? value in values)
        {
            AvroDatumWriter.Write(writer.Writer, file.Schema, Change(value, change));
            writer.EndValue();
        }

        return writer.Finish();
    }

    private static object? Change(object? value, Func<AvroField, object?, object?> change)
    {
        if (value is not AvroDatum datum)
            return value;
        var values = new object?[datum.Values.Length];
        for (int i = 0; i < values.Length; i++)
            values[i] = change(datum.Schema.Fields[i], Change(datum.Values[i], change));

        return datum with { Values = values };
    }
}
