using Tarn.Engine.Sessions;

namespace Tarn.Output;

/// <summary>Writes rows as JSON objects. Columns of the same name get <c>_1</c>, <c>_2</c>, …, because an object has each name once.</summary>
internal sealed class JsonRow
{
    private readonly IReadOnlyList<ResultColumn> _columns;
    private readonly string[] _names;

    /// <summary>Rows of these columns.</summary>
    public JsonRow(IReadOnlyList<ResultColumn> columns)
    {
        _columns = columns;
        _names = new string[columns.Count];
        var taken = new HashSet<string>(columns.Count);
        var all = columns.Select(column => column.Name).ToHashSet();
        for (int i = 0; i < _names.Length; i++)
        {
            string name = columns[i].Name;
            for (int n = 1; !taken.Add(name); n++)
                name = all.Contains($"{columns[i].Name}_{n}") ? name : $"{columns[i].Name}_{n}";
            _names[i] = name;
        }
    }

    /// <summary>Writes one row without a line end.</summary>
    public void Write(TextWriter to, ResultBatch batch, int row)
    {
        to.Write('{');
        for (int column = 0; column < _names.Length; column++)
        {
            if (column > 0)
                to.Write(',');
            JsonText.WriteString(to, _names[column]);
            to.Write(':');
            JsonText.Write(to, _columns[column].Type, batch.GetValue(column, row));
        }

        to.Write('}');
    }
}
