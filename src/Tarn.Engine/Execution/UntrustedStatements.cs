using Tarn.Core.Errors;
using Tarn.Engine.Planning;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Execution;

/// <summary>Which statements an untrusted session may run. Queries inside them are checked where they are bound.</summary>
internal static class UntrustedStatements
{
    // Properties that say where files are written.
    private static readonly string[] s_places = ["location", "write.data.path", "write.metadata.path", "write.folder-storage.path", "write.object-storage.path"];

    /// <summary>Refuses a statement that reaches beyond the catalogs.</summary>
    /// <exception cref="TarnException">PermissionDenied, naming what is refused.</exception>
    public static void Check(StatementContext context, SqlStatement statement)
    {
        switch (statement)
        {
            case OtherStatement other:
                throw UntrustedQueries.Refused($"{other.Kind} statements", "they are the embedded engine's own");
            case SetStatement set when IsVariable(set.Scope):
                UntrustedQueries.CheckExpression(set.Value.Text, context.Connection);
                break;
            case SetStatement set:
                throw UntrustedQueries.Refused($"setting {set.Name.Dotted}", "settings hold for the whole engine; SET VARIABLE name = value is allowed");
            case ResetStatement { Name: { } name } reset when !IsVariable(reset.Scope):
                throw UntrustedQueries.Refused($"setting {name.Dotted}", "settings hold for the whole engine");
            case ShowVariableStatement show when !show.Name.Dotted.Equals("TimeZone", StringComparison.OrdinalIgnoreCase):
                throw UntrustedQueries.Refused($"setting {show.Name.Dotted}", "settings hold for the whole engine");
            case ExecuteStatement execute:
                foreach (var argument in execute.Arguments)
                    UntrustedQueries.CheckExpression(argument.Value.Text, context.Connection);
                break;
            case CallStatement call when call.Procedure.Last.ToLowerInvariant() is CallProcedure.RegisterTable or CallProcedure.RegisterView:
                throw UntrustedQueries.Refused(call.Procedure.Last.ToLowerInvariant(), "it reads metadata outside of the catalogs");
            case CreateTableStatement create:
                CheckPlaces(create.Properties);
                break;
            case CreateSchemaStatement create:
                CheckPlaces(create.Properties);
                break;
            case AlterSchemaPropertiesStatement alter:
                CheckPlaces(alter.Set);
                break;
            case AlterViewPropertiesStatement alter:
                CheckPlaces(alter.Set);
                break;
            case AlterTableStatement alter:
                CheckPlaces([.. alter.Actions.OfType<SetTableProperties>().SelectMany(a => a.Properties)]);
                break;
        }
    }

    private static bool IsVariable(string? scope) => scope?.Equals("VARIABLE", StringComparison.OrdinalIgnoreCase) == true;

    private static void CheckPlaces(IReadOnlyList<Property> properties)
    {
        if (properties.FirstOrDefault(p => s_places.Contains(p.Name, StringComparer.OrdinalIgnoreCase)) is { } place)
            throw UntrustedQueries.Refused($"property {place.Name}", "the catalog says where files are written");
    }
}
