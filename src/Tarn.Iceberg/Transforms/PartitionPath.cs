using System.Text;
using Tarn.Iceberg.Spec;
using Tarn.Iceberg.Spec.Types;

namespace Tarn.Iceberg.Transforms;

/// <summary>Hive-style folder names of partitions: <c>p=3/q=a%2Fb</c>, as the reference implementation writes them.</summary>
public static class PartitionPath
{
    /// <summary>The path of a tuple: names and human-readable values, form-encoded, joined by slashes; empty when the spec partitions nothing.</summary>
    /// <param name="spec">The spec.</param>
    /// <param name="partitionType">Its tuple type, see <see cref="PartitionTypes"/>.</param>
    /// <param name="partition">Values in the order of the fields.</param>
    public static string ToPath(this PartitionSpec spec, StructType partitionType, IReadOnlyList<object?> partition) =>
        spec.IsUnpartitioned ? "" : string.Join('/', spec.Fields.Select((field, i) =>
            $"{Encode(field.Name)}={Encode(HumanText.Of(field.Transform, partitionType.Fields[i].Type, partition[i]))}"));

    /// <summary>Form encoding of UTF-8: letters, digits and <c>.-*_</c> stand for themselves, a space is <c>+</c>, other bytes are <c>%XX</c>.</summary>
    public static string Encode(string text)
    {
        var encoded = new StringBuilder(text.Length);
        foreach (byte b in Encoding.UTF8.GetBytes(text))
        {
            if (char.IsAsciiLetterOrDigit((char)b) || b is (byte)'.' or (byte)'-' or (byte)'*' or (byte)'_')
                encoded.Append((char)b);
            else if (b == ' ')
                encoded.Append('+');
            else
                encoded.Append('%').Append(b.ToString("X2", System.Globalization.CultureInfo.InvariantCulture));
        }

        return encoded.ToString();
    }
}
