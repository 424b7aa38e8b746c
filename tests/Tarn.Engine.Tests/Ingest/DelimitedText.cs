using System.Text;

namespace Tarn.Engine.Tests.Ingest;

/// <summary>A plain parser of RFC 4180, to compare with.</summary>
internal static class DelimitedText
{
    public static IEnumerable<string[]> Read(string text, char delimiter)
    {
        var values = new List<string>();
        var value = new StringBuilder();
        bool isQuoted = false;
        for (int i = 0; i < text.Length; i++)
        {
            char c = text[i];
            if (c == '"' && isQuoted && i + 1 < text.Length && text[i + 1] == '"')
            {
                value.Append(text[++i]);
            }
            else if (c == '"')
            {
                isQuoted = !isQuoted;
            }
            else if (c == delimiter && !isQuoted)
            {
                values.Add(value.ToString());
                value.Clear();
            }
            else if (c == '\n' && !isQuoted)
            {
                foreach (string[] record in End(values, value))
                    yield return record;
            }
            else if (c != '\r' || isQuoted)
            {
                value.Append(c);
            }
        }

        foreach (string[] record in End(values, value))
            yield return record;
    }

    private static string[][] End(List<string> values, StringBuilder value)
    {
        values.Add(value.ToString());
        value.Clear();
        string[] record = [.. values];
        values.Clear();
        return record is [""] ? [] : [record];
    }
}
