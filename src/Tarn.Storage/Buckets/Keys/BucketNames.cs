using Tarn.Storage.Local;

namespace Tarn.Storage.Buckets.Keys;

/// <summary>Rules for bucket names (docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html).</summary>
internal static class BucketNames
{
    private static readonly string[] s_reservedPrefixes = ["xn--", "sthree-", "amzn-s3-demo-"];
    private static readonly string[] s_reservedSuffixes = ["-s3alias", "--ol-s3", ".mrap", "--x-s3", "--table-s3"];

    /// <exception cref="BucketStoreException">InvalidBucketName.</exception>
    public static void Require(string name)
    {
        if (name != LocalObjectStore.LakeBucket && Broken(name) is { } rule)
            throw new BucketStoreException(BucketFault.InvalidBucketName, $"The bucket name '{name}' is not allowed: {rule}.");
    }

    public static bool IsAllowed(string name) => Broken(name) is null;

    /// <summary>The rule of form that a name breaks, or null: what holds for buckets anywhere, reserved names aside.</summary>
    public static string? BrokenForm(ReadOnlySpan<char> name)
    {
        if (name.Length is < 3 or > 63)
            return $"it is {name.Length} characters long, and a bucket name has 3 to 63";
        foreach (char c in name)
        {
            if (!char.IsAsciiLetterLower(c) && !char.IsAsciiDigit(c) && c is not ('.' or '-'))
                return "only lower-case letters, digits, dots and hyphens may be used";
        }

        return char.IsAsciiLetterOrDigit(name[0]) && char.IsAsciiLetterOrDigit(name[^1]) ? null : "it must begin and end with a letter or digit";
    }

    private static string? Broken(string name)
    {
        if (BrokenForm(name) is { } form)
            return form;
        if (name.Contains("..", StringComparison.Ordinal))
            return "two dots may not follow each other";
        if (IsAddress(name))
            return "it looks like an IP address";
        bool isReserved = s_reservedPrefixes.Any(p => name.StartsWith(p, StringComparison.Ordinal)) || s_reservedSuffixes.Any(s => name.EndsWith(s, StringComparison.Ordinal));
        return isReserved || name == "tarn.json" ? "it is reserved" : null;
    }

    private static bool IsAddress(string name)
    {
        string[] parts = name.Split('.');
        return parts.Length == 4 && parts.All(p => p.Length is > 0 and <= 3 && p.All(char.IsAsciiDigit));
    }
}
