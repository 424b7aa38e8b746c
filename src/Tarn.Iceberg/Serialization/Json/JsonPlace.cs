using Tarn.Core.Errors;

namespace Tarn.Iceberg.Serialization.Json;

/// <summary>Where a JSON value stands: a document and the path in it. Its text is made only for a message.</summary>
internal sealed class JsonPlace
{
    private readonly JsonPlace? parent;
    private readonly string step;
    private readonly int index;
    private readonly ErrorKind kind;

    /// <summary>The root of a document.</summary>
    public JsonPlace(string document, ErrorKind kind) => (step, index, this.kind) = (document, -1, kind);

    private JsonPlace(JsonPlace parent, string step, int index) => (this.parent, this.step, this.index, kind) = (parent, step, index, parent.kind);

    /// <summary>The place of a property.</summary>
    public JsonPlace Property(string name) => new(this, name, -1);

    /// <summary>The place of an array element.</summary>
    public JsonPlace Element(int position) => new(this, "", position);

    /// <summary>An error at this place.</summary>
    public TarnException Error(string problem, Exception? cause = null) => ErrorOf(kind, problem, cause);

    /// <summary>An error at this place, of another kind than damaged input.</summary>
    public TarnException ErrorOf(ErrorKind errorKind, string problem, Exception? cause = null)
    {
        string path = Path();
        return new TarnException(errorKind, path.Length == 0 ? $"{Document()}: {problem}" : $"{Document()}, field '{path}': {problem}", cause);
    }

    private string Document() => parent is null ? step : parent.Document();

    private string Path()
    {
        if (parent is null)
            return "";
        string above = parent.Path();
        if (index >= 0)
            return $"{above}[{index}]";
        return above.Length == 0 ? step : $"{above}.{step}";
    }
}
