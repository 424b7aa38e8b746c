using System.Text.Json;
using System.Text.Json.Serialization;
using Tarn.Core.Errors;
using Tarn.Core.Files;
using Tarn.Core.Text;

namespace Tarn.Commands.S3;

/// <summary>
/// The S3 services that the user has given names, in a file that only the user can read: <c>tarn/s3.json</c> in <c>XDG_CONFIG_HOME</c>
/// or <c>~/.config</c>.
/// </summary>
/// <param name="path">The file; need not exist.</param>
internal sealed class S3Aliases(string path)
{
    /// <summary>Those of this user.</summary>
    public static S3Aliases OfUser() => new(Path.Join(
        Environment.GetEnvironmentVariable("XDG_CONFIG_HOME") is { Length: > 0 } folder ? folder : Path.Join(Environment.GetFolderPath(Environment.SpecialFolder.UserProfile), ".config"),
        "tarn",
        "s3.json"));

    /// <summary>All of them, by name.</summary>
    /// <exception cref="TarnException">DataCorrupted when the file is not what this program wrote.</exception>
    public SortedDictionary<string, S3Alias> Read()
    {
        if (!File.Exists(path))
            return new(StringComparer.Ordinal);
        try
        {
            return new(JsonSerializer.Deserialize(File.ReadAllBytes(path), S3AliasJson.Default.DictionaryStringS3Alias) ?? [], StringComparer.Ordinal);
        }
        catch (JsonException error)
        {
            throw TarnException.Corrupted($"'{path}' is damaged ({JsonDefect.Explain(File.ReadAllBytes(path), error)}); correct it, or remove it and set the aliases again.", error);
        }
    }

    /// <summary>Sets one; a present one of the name is replaced.</summary>
    public void Set(string name, S3Alias alias)
    {
        var all = Read();
        all[name] = alias;
        Write(all);
    }

    /// <summary>Removes one. False when there is none.</summary>
    public bool Remove(string name)
    {
        var all = Read();
        if (!all.Remove(name))
            return false;
        Write(all);
        return true;
    }

    private void Write(SortedDictionary<string, S3Alias> all)
    {
        Directory.CreateDirectory(Path.GetDirectoryName(path)!);
        OwnerOnlyFile.Write(path, JsonSerializer.SerializeToUtf8Bytes(new Dictionary<string, S3Alias>(all), S3AliasJson.Default.DictionaryStringS3Alias), replace: true);
    }
}

/// <summary>A named S3 service.</summary>
/// <param name="Endpoint">Its address; null for AWS.</param>
/// <param name="Region">Its region.</param>
/// <param name="AccessKey">The access key; null when the profile has it.</param>
/// <param name="SecretKey">The secret key; null when the profile has it.</param>
/// <param name="Profile">A profile of <c>~/.aws</c>; null with keys.</param>
/// <param name="PathStyle">Whether the bucket stands in the path; null for the usual.</param>
internal sealed record S3Alias(Uri? Endpoint, string Region, string? AccessKey, string? SecretKey, string? Profile, bool? PathStyle);

[JsonSourceGenerationOptions(WriteIndented = true, PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(Dictionary<string, S3Alias>))]
internal sealed partial class S3AliasJson : JsonSerializerContext;
