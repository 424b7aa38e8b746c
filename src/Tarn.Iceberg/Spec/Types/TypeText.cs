using System.Globalization;

namespace Tarn.Iceberg.Spec.Types;

/// <summary>
/// The text form of the types that are not nested (Appendix C). Names and keywords ignore case; white space around parameters is allowed.
/// Parameters that say the default (<c>OGC:CRS84</c>, <c>spherical</c>) are read as the type without them: types are equal when they mean the same.
/// </summary>
public static class TypeText
{
    private const string DefaultCrs = "OGC:CRS84";
    private const string DefaultAlgorithm = "spherical";
    private static readonly string[] Algorithms = [DefaultAlgorithm, "vincenty", "thomas", "andoyer", "karney"];

    /// <summary>Reads e.g. <c>long</c>, <c>decimal(9, 2)</c>, <c>fixed[16]</c>, <c>geography(srid:4326, karney)</c>.</summary>
    /// <returns>False when the text names no type or its parameters are out of range.</returns>
    public static bool TryParse(string text, out IcebergType type)
    {
        type = SimpleType.Unknown;
        string trimmed = text.Trim();
        foreach (var simple in SimpleType.All)
        {
            if (simple.Text.Equals(trimmed, StringComparison.OrdinalIgnoreCase))
            {
                type = simple;
                return true;
            }
        }

        return TryParseParameters(trimmed, out type);
    }

    private static bool TryParseParameters(string text, out IcebergType type)
    {
        int open = text.IndexOfAny(['(', '[']);
        string name = (open < 0 ? text : text[..open]).TrimEnd().ToLowerInvariant();
        string? inner = null;
        if (open >= 0)
        {
            if (text[^1] != (text[open] == '(' ? ')' : ']'))
            {
                type = SimpleType.Unknown;
                return false;
            }

            inner = text[(open + 1)..^1];
        }

        IcebergType? parsed = (name, open < 0 ? ' ' : text[open]) switch
        {
            ("decimal", '(') => Decimal(inner!),
            ("fixed", '[') => Number(inner!) is > 0 and { } length ? new FixedType(length) : null,
            ("geometry", ' ' or '(') => new GeometryType(Crs(inner)),
            ("geography", ' ' or '(') => Geography(inner),
            _ => null,
        };
        type = parsed ?? SimpleType.Unknown;
        return parsed is not null;
    }

    private static DecimalType? Decimal(string inner)
    {
        string[] parts = inner.Split(',');
        return parts.Length == 2 && Number(parts[0]) is { } precision && Number(parts[1]) is { } scale
            && precision is >= 1 and <= DecimalType.MaxPrecision && scale <= precision
            ? new DecimalType(precision, scale)
            : null;
    }

    private static GeographyType? Geography(string? inner)
    {
        // A CRS may not hold a comma, so the last one separates the algorithm.
        int comma = inner?.LastIndexOf(',') ?? -1;
        string? algorithm = comma < 0 ? null : inner![(comma + 1)..].Trim().ToLowerInvariant();
        if (algorithm is not null && !Algorithms.Contains(algorithm))
            return null;
        return new GeographyType(Crs(comma < 0 ? inner : inner![..comma]), algorithm == DefaultAlgorithm ? null : algorithm);
    }

    private static string? Crs(string? text)
    {
        string? crs = text?.Trim();
        return string.IsNullOrEmpty(crs) || crs.Equals(DefaultCrs, StringComparison.OrdinalIgnoreCase) ? null : crs;
    }

    private static int? Number(string text) =>
        int.TryParse(text.Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int value) ? value : null;
}
