using Tarn.Core.Errors;

namespace Tarn.Configuration;

/// <summary>A secret of the configuration: itself, or the file that holds it. A class and not a record: its text never tells it.</summary>
internal sealed class SecretText
{
    private const string FilePrefix = "file:";

    private readonly string? _value;
    private readonly string? _file;

    private SecretText(string? value, string? file) => (_value, _file) = (value, file);

    /// <summary>Reads the secret, or <c>file:PATH</c>; a relative path starts at the folder of the configuration file, else at the working folder.</summary>
    /// <exception cref="FormatException">It is empty.</exception>
    public static SecretText Parse(ConfiguredText value) => ValueForms.Text(value) switch
    {
        var text when text.StartsWith(FilePrefix, StringComparison.Ordinal) && text.Length > FilePrefix.Length =>
            new SecretText(null, Path.GetFullPath(text[FilePrefix.Length..], value.Source.Folder ?? Environment.CurrentDirectory)),
        var text => new SecretText(text, null),
    };

    /// <summary>A secret in a file.</summary>
    /// <param name="path">Absolute path.</param>
    public static SecretText OfFile(string path) => new(null, path);

    /// <summary>The secret.</summary>
    /// <exception cref="TarnException">NotFound or PermissionDenied when its file cannot be read; InvalidRequest when that is empty.</exception>
    public string Read()
    {
        if (_file is null)
            return _value!;
        try
        {
            return File.ReadAllText(_file).Trim() is { Length: > 0 } text ? text : throw TarnException.Invalid($"The file '{_file}' should hold a secret and is empty.");
        }
        catch (Exception error) when (error is FileNotFoundException or DirectoryNotFoundException)
        {
            throw TarnException.NotFound($"There is no file '{_file}', which should hold a secret.", error);
        }
        catch (Exception error) when (error is IOException or UnauthorizedAccessException)
        {
            throw new TarnException(ErrorKind.PermissionDenied, $"The file '{_file}', which holds a secret, cannot be read: {error.Message}", error);
        }
    }
}
