using System.Text;
using Tarn.Core.Text;

namespace Tarn.Synthetic.Rows;

/// <summary>A word of a vocabulary, ready to be copied into every format.</summary>
internal sealed class Term
{
    public Term(string text)
    {
        Text = text;
        Utf8 = Encoding.UTF8.GetBytes(text);
        Csv = text.AsSpan().ContainsAny(",\"\r\n") ? Encoding.UTF8.GetBytes($"\"{text.Replace("\"", "\"\"", StringComparison.Ordinal)}\"") : Utf8;
        Json = PlainJson.ToUtf8(json => json.WriteStringValue(text));
    }

    /// <summary>The word itself.</summary>
    public string Text { get; }

    /// <summary>The word in UTF-8, as it is.</summary>
    public byte[] Utf8 { get; }

    /// <summary>As a field of a CSV line, quoted where RFC 4180 wants it.</summary>
    public byte[] Csv { get; }

    /// <summary>As a JSON string, quotes included.</summary>
    public byte[] Json { get; }

    public static implicit operator Term(string text) => new(text);

    public static Term[] Many(params ReadOnlySpan<string> texts)
    {
        var terms = new Term[texts.Length];
        for (var i = 0; i < texts.Length; i++)
        {
            terms[i] = new Term(texts[i]);
        }
        return terms;
    }
}
