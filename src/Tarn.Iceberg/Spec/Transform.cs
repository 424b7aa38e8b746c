using System.Globalization;

namespace Tarn.Iceberg.Spec;

/// <summary>Which transform a <see cref="Transform"/> is.</summary>
public enum TransformKind
{
    /// <summary>The source value.</summary>
    Identity,

    /// <summary>Hash of the value, mod N.</summary>
    Bucket,

    /// <summary>Value truncated to width W.</summary>
    Truncate,

    /// <summary>Years from 1970.</summary>
    Year,

    /// <summary>Months from 1970-01.</summary>
    Month,

    /// <summary>Days from 1970-01-01.</summary>
    Day,

    /// <summary>Hours from 1970-01-01T00.</summary>
    Hour,

    /// <summary>Always null.</summary>
    Void,

    /// <summary>One this version does not know: the table stays readable, nothing is pruned by it, nothing may be written with it.</summary>
    Unknown,
}

/// <summary>A partition or sort transform ("Partition Transforms"). <see cref="Text"/> is its exact form in JSON and is kept as read.</summary>
/// <param name="Kind">Which one.</param>
/// <param name="Argument">N of bucket, W of truncate; else 0.</param>
/// <param name="Text">JSON form, e.g. <c>bucket[16]</c>.</param>
public sealed record Transform(TransformKind Kind, int Argument, string Text)
{
    /// <summary>Transform <c>identity</c>.</summary>
    public static Transform Identity { get; } = new(TransformKind.Identity, 0, "identity");

    /// <summary>Transform <c>year</c>.</summary>
    public static Transform Year { get; } = new(TransformKind.Year, 0, "year");

    /// <summary>Transform <c>month</c>.</summary>
    public static Transform Month { get; } = new(TransformKind.Month, 0, "month");

    /// <summary>Transform <c>day</c>.</summary>
    public static Transform Day { get; } = new(TransformKind.Day, 0, "day");

    /// <summary>Transform <c>hour</c>.</summary>
    public static Transform Hour { get; } = new(TransformKind.Hour, 0, "hour");

    /// <summary>Transform <c>void</c>.</summary>
    public static Transform Void { get; } = new(TransformKind.Void, 0, "void");

    /// <summary>Transform <c>bucket[n]</c>.</summary>
    public static Transform Bucket(int n) => new(TransformKind.Bucket, n, string.Create(CultureInfo.InvariantCulture, $"bucket[{n}]"));

    /// <summary>Transform <c>truncate[w]</c>.</summary>
    public static Transform Truncate(int w) => new(TransformKind.Truncate, w, string.Create(CultureInfo.InvariantCulture, $"truncate[{w}]"));

    /// <summary>Reads the JSON form; anything else is <see cref="TransformKind.Unknown"/>.</summary>
    public static Transform Parse(string text) => text switch
    {
        "identity" => Identity,
        "year" => Year,
        "month" => Month,
        "day" => Day,
        "hour" => Hour,
        "void" => Void,
        _ when TryArgument(text, "bucket[", out int n) => new(TransformKind.Bucket, n, text),
        _ when TryArgument(text, "truncate[", out int w) => new(TransformKind.Truncate, w, text),
        _ => new(TransformKind.Unknown, 0, text),
    };

    /// <inheritdoc/>
    public override string ToString() => Text;

    private static bool TryArgument(string text, string start, out int value)
    {
        value = 0;
        return text.StartsWith(start, StringComparison.Ordinal) && text.EndsWith(']')
            && int.TryParse(text.AsSpan(start.Length, text.Length - start.Length - 1), NumberStyles.None, CultureInfo.InvariantCulture, out value) && value > 0;
    }
}
