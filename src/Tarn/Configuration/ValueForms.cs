using System.Globalization;
using Tarn.Core.Errors;
using Tarn.Core.Storage;
using Tarn.Metastore.Postgres;
using Tarn.Storage.Remote;

namespace Tarn.Configuration;

/// <summary>The forms that values of the configuration have. Each throws <see cref="FormatException"/> with what is wanted.</summary>
internal static class ValueForms
{
    /// <summary>Any text that is not empty.</summary>
    public static string Text(ConfiguredText value) => value.Texts is [{ Length: > 0 } text] ? text : throw new FormatException("is empty; give a value or remove the key");

    /// <summary>Texts that are not empty.</summary>
    public static IReadOnlyList<string> Texts(ConfiguredText value) =>
        value.Texts.All(text => text.Length > 0) ? value.Texts : throw new FormatException("has an empty item; remove it");

    /// <summary>Whether a text has the form of a location: with a scheme, or an absolute path.</summary>
    public static bool IsLocation(string text) => text.Contains(":/", StringComparison.Ordinal) || text.StartsWith('/');

    /// <summary>A location of the storage that a Hive Metastore names: <c>hdfs:</c>, <c>s3a:</c>, <c>file:</c>, …, or an absolute path, whose scheme the metastore adds.</summary>
    public static string Location(ConfiguredText value) => !IsLocation(Text(value))
        ? throw new FormatException($"'{Text(value)}' is neither a location like s3://lake/warehouse or file:/srv/warehouse nor an absolute path")
        : LocationMap.NormalizeScheme(Text(value)) is "s3:/" or "s3://" or ['s', '3', ':', '/', '/', '/', ..]
            ? throw new FormatException($"'{Text(value)}' names no bucket; write s3://BUCKET/PREFIX")
            : Text(value);

    /// <summary>A path; a relative one starts at the folder of the file that holds it, else at the working folder.</summary>
    public static string FilePath(ConfiguredText value) => Path.GetFullPath(Text(value), value.Source.Folder ?? Environment.CurrentDirectory);

    /// <summary>Where to listen.</summary>
    public static ListenAddress Address(ConfiguredText value) => ListenAddress.Parse(Text(value));

    /// <summary>true or false.</summary>
    public static bool Switch(ConfiguredText value) => Text(value) switch
    {
        "true" => true,
        "false" => false,
        var text => throw new FormatException($"'{text}' is neither true nor false"),
    };

    /// <summary>One of some words.</summary>
    public static Func<ConfiguredText, string> OneOf(params string[] words) => value =>
        Text(value) is var text && words.Contains(text) ? text : throw new FormatException($"'{text}' is none of {string.Join(", ", words)}");

    /// <summary>Several of some words, each once.</summary>
    public static Func<ConfiguredText, IReadOnlyList<string>> SomeOf(params string[] words) => value => value.Texts switch
    {
        [] => throw new FormatException($"names none of {string.Join(", ", words)}"),
        var texts when texts.FirstOrDefault(text => !words.Contains(text)) is { } wrong => throw new FormatException($"'{wrong}' is none of {string.Join(", ", words)}"),
        var texts => [.. texts.Distinct()],
    };

    /// <summary>An absolute http or https address.</summary>
    public static Uri HttpAddress(ConfiguredText value) =>
        Uri.TryCreate(Text(value), UriKind.Absolute, out var uri) && uri.Scheme is "http" or "https"
            ? uri
            : throw new FormatException($"'{Text(value)}' is not an http:// or https:// address");

    /// <summary>Name of a bucket.</summary>
    public static string Bucket(ConfiguredText value) => Sound(Text(value), S3StorageOptions.FindBucketProblem);

    /// <summary>Where in a bucket.</summary>
    public static string Prefix(ConfiguredText value) => Sound(Text(value), S3StorageOptions.FindPrefixProblem);

    /// <summary>A region to sign for.</summary>
    public static string Region(ConfiguredText value) => Sound(Text(value), S3ServiceOptions.FindRegionProblem);

    /// <summary>The address of an S3 service, without a path.</summary>
    public static Uri ServiceAddress(ConfiguredText value) => Sound(HttpAddress(value), S3ServiceOptions.FindEndpointProblem);

    /// <summary>The address of a Hive Metastore: <c>thrift://HOST:PORT</c>, of which the port may be left out.</summary>
    public static Uri ThriftAddress(ConfiguredText value) =>
        Uri.TryCreate(Text(value), UriKind.Absolute, out var uri) && uri is { Scheme: "thrift", Host.Length: > 0, AbsolutePath: "" or "/" }
            ? uri
            : throw new FormatException($"'{Text(value)}' is not thrift://HOST:PORT, e.g. thrift://127.0.0.1:9083");

    /// <summary>A length of time: a whole number and <c>ms</c>, <c>s</c>, <c>m</c>, <c>h</c> or <c>d</c>; from <paramref name="least"/> to <paramref name="most"/>.</summary>
    public static Func<ConfiguredText, TimeSpan> Duration(TimeSpan most, TimeSpan least = default) => value =>
    {
        string text = Text(value);
        string unit = text.TrimStart("0123456789".ToCharArray());
        double ms = unit switch { "ms" => 1, "s" => 1_000, "m" => 60_000, "h" => 3_600_000, "d" => 86_400_000, _ => double.NaN };
        if (!uint.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.None, CultureInfo.InvariantCulture, out uint number) || double.IsNaN(ms))
            throw new FormatException($"'{text}' is not a whole number with ms, s, m, h or d, e.g. 30s");
        if (number * ms > most.TotalMilliseconds)
            throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{text}' is more than the {Written(most)} that are allowed"));
        return number * ms >= least.TotalMilliseconds
            ? TimeSpan.FromMilliseconds(number * ms)
            : throw new FormatException(string.Create(CultureInfo.InvariantCulture, $"'{text}' is less than the {Written(least)} that are needed"));
    };

    // In the unit in which it is a whole number.
    private static string Written(TimeSpan time) => time switch
    {
        { TotalDays: >= 2 } when time.Ticks % TimeSpan.TicksPerDay == 0 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalDays:0}d"),
        { TotalHours: >= 1 } when time.Ticks % TimeSpan.TicksPerHour == 0 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalHours:0}h"),
        { TotalMinutes: >= 1 } when time.Ticks % TimeSpan.TicksPerMinute == 0 => string.Create(CultureInfo.InvariantCulture, $"{time.TotalMinutes:0}m"),
        _ => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0}s"),
    };

    /// <summary>A size in bytes: a number and <c>KB</c>, <c>MB</c>, <c>GB</c>, <c>TB</c>, <c>KiB</c>, <c>MiB</c>, <c>GiB</c>, <c>TiB</c> or nothing.</summary>
    public static long? Size(ConfiguredText value)
    {
        string text = Text(value);
        string unit = text.TrimStart("0123456789.".ToCharArray()).Trim();
        double factor = unit switch { "" => 1, "KB" => 1e3, "MB" => 1e6, "GB" => 1e9, "TB" => 1e12, "KiB" => 1L << 10, "MiB" => 1L << 20, "GiB" => 1L << 30, "TiB" => 1L << 40, _ => double.NaN };
        return double.TryParse(text.AsSpan(0, text.Length - unit.Length), NumberStyles.AllowDecimalPoint | NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out double number)
            && number * factor is >= 1 and < 1e18
                ? (long)(number * factor)
                : throw new FormatException($"'{text}' is no size; write e.g. 2GB or 512MiB");
    }

    /// <summary>A connection to PostgreSQL. What is wrong with it is said without repeating it.</summary>
    public static string PostgresAddress(ConfiguredText value) => Checked(value, text => PostgresOptions.Parse(text));

    /// <summary>Name of a schema of PostgreSQL.</summary>
    public static string PostgresSchema(ConfiguredText value) => Checked(value, PostgresOptions.RequireSchema);

    /// <summary>Pairs of <c>FROM=TO</c>.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Map(ConfiguredText value) => [.. value.Texts.Select(text =>
    {
        try
        {
            return LocationMap.ParsePrefix(text);
        }
        catch (TarnException error)
        {
            throw new FormatException(error.Message.TrimEnd('.'), error);
        }
    })];

    /// <summary>Pairs of <c>NAME=URL</c> with absolute http or https addresses.</summary>
    public static IReadOnlyList<KeyValuePair<string, string>> Webhooks(ConfiguredText value) => [.. value.Texts.Select(text =>
        text.IndexOf('=', StringComparison.Ordinal) is > 0 and int at && Uri.TryCreate(text[(at + 1)..], UriKind.Absolute, out var uri) && (uri.Scheme is "http" or "https")
            ? KeyValuePair.Create(text[..at], text[(at + 1)..])
            : throw new FormatException($"'{text}' is not of the form NAME=URL with an http:// or https:// address, e.g. orders=https://host/hook"))];

    /// <summary>Pairs of <c>BUCKET=SIZE</c>, each bucket once.</summary>
    public static IReadOnlyDictionary<string, long> Quotas(ConfiguredText value)
    {
        var quotas = new Dictionary<string, long>(StringComparer.Ordinal);
        foreach (string text in value.Texts)
        {
            int at = text.IndexOf('=', StringComparison.Ordinal);
            if (at < 1)
                throw new FormatException($"'{text}' is not of the form BUCKET=SIZE, e.g. raw=20GB");
            if (!quotas.TryAdd(text[..at], Size(value with { Texts = [text[(at + 1)..]] }) ?? 0))
                throw new FormatException($"names the bucket '{text[..at]}' twice; remove one of both");
        }

        return quotas;
    }

    private static T Sound<T>(T value, Func<T, string?> findProblem) => findProblem(value) is { } problem ? throw new FormatException(problem) : value;

    private static string Checked(ConfiguredText value, Action<string> check)
    {
        string text = Text(value);
        try
        {
            check(text);
            return text;
        }
        catch (TarnException error)
        {
            throw new FormatException(error.Message.TrimEnd('.'));
        }
    }
}
