using Tarn.Iceberg.Spec.Types;

namespace Tarn.Engine.Ingest;

/// <summary>What a text is in ISO 8601; a set of them for many texts.</summary>
[Flags]
internal enum TextForm
{
    /// <summary>No text was seen.</summary>
    None = 0,

    /// <summary><c>2026-01-31</c>.</summary>
    Date = 1,

    /// <summary><c>10:20:30</c>, with up to 6 digits of the second.</summary>
    Time = 2,

    /// <summary><c>2026-01-31T10:20:30</c>, with up to 6 digits of the second.</summary>
    Timestamp = 4,

    /// <summary>The same with its zone, <c>Z</c> or <c>+02:00</c>.</summary>
    TimestampTz = 8,

    /// <summary>Anything else.</summary>
    Other = 16,
}

/// <summary>Finds dates and times in text, by the forms that lose nothing as values of a type.</summary>
internal static class TextForms
{
    /// <summary>The form of a text.</summary>
    public static TextForm Of(ReadOnlySpan<byte> text)
    {
        if (text.Length == 0 || (uint)(text[0] - '0') > 9)
            return TextForm.Other;
        if (PlainText.TryDate(text, out _))
            return TextForm.Date;
        if (PlainText.TryTimestampTz(text, out _))
            return TextForm.TimestampTz;
        if (PlainText.TryTimestamp(text, out _))
            return TextForm.Timestamp;
        return PlainText.TryTime(text, out _) ? TextForm.Time : TextForm.Other;
    }

    /// <summary>The form of a text as a number; always true.</summary>
    public static bool TryOf(ReadOnlySpan<byte> text, out int form)
    {
        form = (int)Of(text);
        return true;
    }

    /// <summary>The type of texts of these forms: text when they are of several, or none was seen.</summary>
    public static SimpleType TypeOf(TextForm forms) => forms switch
    {
        TextForm.Date => SimpleType.Date,
        TextForm.Time => SimpleType.Time,
        TextForm.Timestamp => SimpleType.Timestamp,
        TextForm.TimestampTz => SimpleType.TimestampTz,
        _ => SimpleType.String,
    };
}
