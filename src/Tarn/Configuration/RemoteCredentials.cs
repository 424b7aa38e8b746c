using Tarn.Storage.Remote;

namespace Tarn.Configuration;

/// <summary>Where the keys of a remote store are.</summary>
/// <param name="Source">The kind of place.</param>
/// <param name="Name">Profile or absolute path, for kinds that need one.</param>
internal sealed record RemoteCredentials(S3CredentialSource Source, string? Name)
{
    private const string Profile = "profile:", File = "file:";

    /// <summary>Reads <c>default</c>, <c>environment</c>, <c>anonymous</c>, <c>profile:NAME</c> or <c>file:PATH</c>.</summary>
    /// <exception cref="FormatException">It is none of them.</exception>
    public static RemoteCredentials Parse(ConfiguredText value) => ValueForms.Text(value) switch
    {
        "default" => new(S3CredentialSource.Default, null),
        "environment" => new(S3CredentialSource.Environment, null),
        "anonymous" => new(S3CredentialSource.Anonymous, null),
        var text when text.StartsWith(Profile, StringComparison.Ordinal) && text.Length > Profile.Length => new(S3CredentialSource.Profile, text[Profile.Length..]),
        var text when text.StartsWith(File, StringComparison.Ordinal) && text.Length > File.Length =>
            new(S3CredentialSource.File, Path.GetFullPath(text[File.Length..], value.Source.Folder ?? Environment.CurrentDirectory)),
        var text => throw new FormatException($"'{text}' is none of default, environment, profile:NAME, file:PATH and anonymous; keys themselves never stand in the configuration"),
    };
}
