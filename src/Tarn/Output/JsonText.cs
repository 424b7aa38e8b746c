using System.Globalization;
using System.Numerics;
using Tarn.DuckDb.Types;

namespace Tarn.Output;

/// <summary>
/// Values as JSON that loses nothing, whatever reads it: decimals and integers beyond ±2^53 are strings (a reader that keeps numbers as
/// doubles would round them), as are NaN and the infinities; binary is hex; dates and times are ISO 8601; a map is a list of
/// <c>[key, value]</c>; a struct is an object, one without names a list.
/// </summary>
internal static class JsonText
{
    private const long ExactInDouble = 1L << 53;

    /// <summary>Writes one value.</summary>
    public static void Write(TextWriter to, DuckDbType type, object? value)
    {
        switch (value)
        {
            case null:
                to.Write("null");
                break;
            case bool b:
                to.Write(b ? "true" : "false");
                break;
            case float or double:
                WriteFloating(to, value);
                break;
            case object?[] list:
                WriteList(to, type.Element, list);
                break;
            case KeyValuePair<string, object?>[] fields:
                WriteStruct(to, type, fields);
                break;
            case KeyValuePair<object, object?>[] pairs:
                WriteMap(to, type, pairs);
                break;
            case DuckDbUnion union:
                WriteUnion(to, type, union);
                break;
            default:
                WriteScalar(to, type, value);
                break;
        }
    }

    /// <summary>Writes a string with its quotes. Characters beyond ASCII stay as they are.</summary>
    public static void WriteString(TextWriter to, ReadOnlySpan<char> text)
    {
        to.Write('"');
        int start = 0;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c >= ' ' && c != '"' && c != '\\')
                continue;
            to.Write(text[start..i]);
            start = i + 1;
            WriteEscape(to, c);
        }

        to.Write(text[start..]);
        to.Write('"');
    }

    private static void WriteEscape(TextWriter to, char c)
    {
        to.Write('\\');
        switch (c)
        {
            case '"' or '\\': to.Write(c); break;
            case '\n': to.Write('n'); break;
            case '\r': to.Write('r'); break;
            case '\t': to.Write('t'); break;
            default: to.Write(string.Create(CultureInfo.InvariantCulture, $"u{(int)c:x4}")); break;
        }
    }

    private static void WriteScalar(TextWriter to, DuckDbType type, object value)
    {
        if (type.Id is DuckDbTypeId.Date or DuckDbTypeId.Time or DuckDbTypeId.TimeNs || !TryInteger(value, out BigInteger integer))
        {
            WriteString(to, ValueText.Exact(type, value));
            return;
        }

        string digits = integer.ToString(CultureInfo.InvariantCulture);
        if (BigInteger.Abs(integer) > ExactInDouble)
            WriteString(to, digits);
        else
            to.Write(digits);
    }

    private static bool TryInteger(object value, out BigInteger integer)
    {
        BigInteger? found = value switch
        {
            sbyte v => v, short v => v, int v => v, long v => v,
            byte v => v, ushort v => v, uint v => v, ulong v => v,
            Int128 v => v, UInt128 v => v, BigInteger v => v,
            _ => null,
        };
        integer = found ?? default;
        return found is not null;
    }

    private static void WriteFloating(TextWriter to, object value)
    {
        string text = ValueText.Floating(value);
        if (char.IsAsciiDigit(text[^1]))
            // A reader that takes -0 for an integer loses its sign.
            to.Write(text == "-0" ? "-0.0" : text);
        else
            WriteString(to, text);
    }

    private static void WriteList(TextWriter to, DuckDbType element, object?[] values)
    {
        to.Write('[');
        for (int i = 0; i < values.Length; i++)
        {
            if (i > 0)
                to.Write(',');
            Write(to, element, values[i]);
        }

        to.Write(']');
    }

    private static void WriteStruct(TextWriter to, DuckDbType type, KeyValuePair<string, object?>[] fields)
    {
        bool named = Array.TrueForAll(fields, field => field.Key.Length > 0);
        to.Write(named ? '{' : '[');
        for (int i = 0; i < fields.Length; i++)
        {
            if (i > 0)
                to.Write(',');
            if (named)
            {
                WriteString(to, fields[i].Key);
                to.Write(':');
            }

            Write(to, type.Children[i].Type, fields[i].Value);
        }

        to.Write(named ? '}' : ']');
    }

    private static void WriteMap(TextWriter to, DuckDbType type, KeyValuePair<object, object?>[] pairs)
    {
        to.Write('[');
        for (int i = 0; i < pairs.Length; i++)
        {
            to.Write(i > 0 ? ",[" : "[");
            Write(to, type.Children[0].Type, pairs[i].Key);
            to.Write(',');
            Write(to, type.Children[1].Type, pairs[i].Value);
            to.Write(']');
        }

        to.Write(']');
    }

    private static void WriteUnion(TextWriter to, DuckDbType type, DuckDbUnion union)
    {
        to.Write('{');
        WriteString(to, union.Tag);
        to.Write(':');
        Write(to, type.Children.First(member => member.Name == union.Tag).Type, union.Value);
        to.Write('}');
    }
}
