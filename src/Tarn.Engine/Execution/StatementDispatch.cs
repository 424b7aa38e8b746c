using Tarn.Engine.Sessions;
using Tarn.Engine.Sql.Statements;

namespace Tarn.Engine.Execution;

/// <summary>Sends each statement to the class that runs it.</summary>
internal static class StatementDispatch
{
    public static Task<StatementResult> ExecuteAsync(StatementContext context, SqlStatement statement, CancellationToken cancellationToken)
    {
        if (context.Session.Trust == SessionTrust.Untrusted)
            UntrustedStatements.Check(context, statement);
        return LostRace.RunAsync(context, statement, () => RunAsync(context, statement, cancellationToken), cancellationToken);
    }

    private static Task<StatementResult> RunAsync(StatementContext context, SqlStatement statement, CancellationToken cancellationToken) => statement switch
    {
        QueryStatement query => RunQuery.ExecuteAsync(context, query.Query, cancellationToken),
        ExplainStatement explain => Explain.ExecuteAsync(context, explain, cancellationToken),
        UseStatement use => SessionStatements.UseAsync(context, use, cancellationToken),
        SetStatement set => SessionStatements.SetAsync(context, set, cancellationToken),
        ResetStatement reset => SessionStatements.Reset(context, reset),
        PrepareStatement prepare => SessionStatements.Prepare(context, prepare),
        ExecuteStatement execute => SessionStatements.ExecuteAsync(context, execute, cancellationToken),
        DeallocateStatement deallocate => SessionStatements.Deallocate(context, deallocate),
        ShowCatalogsStatement show => ShowNames.CatalogsAsync(context, show, cancellationToken),
        ShowSchemasStatement show => ShowNames.SchemasAsync(context, show, cancellationToken),
        ShowTablesStatement show => ShowNames.TablesAsync(context, show, cancellationToken),
        ShowViewsStatement show => ShowNames.ViewsAsync(context, show, cancellationToken),
        ShowColumnsStatement show => ShowTable.ColumnsAsync(context, show.Table, show.Like, cancellationToken),
        DescribeStatement describe => ShowTable.ColumnsAsync(context, describe.Table, null, cancellationToken),
        ShowCreateStatement show => ShowTable.CreateAsync(context, show, cancellationToken),
        ShowPropertiesStatement show => ShowTable.PropertiesAsync(context, show.Table, cancellationToken),
        ShowRefsStatement show => ShowTable.RefsAsync(context, show, cancellationToken),
        ShowPartitionsStatement show => ShowSettings.PartitionsAsync(context, show, cancellationToken),
        ShowVariableStatement show => ShowSettings.OneAsync(context, show, cancellationToken),
        ShowStatsStatement show => ShowStats.ExecuteAsync(context, show, cancellationToken),
        CreateSchemaStatement create => SchemaStatements.CreateAsync(context, create, cancellationToken),
        DropSchemaStatement drop => SchemaStatements.DropAsync(context, drop, cancellationToken),
        AlterSchemaPropertiesStatement alter => SchemaStatements.AlterAsync(context, alter, cancellationToken),
        CreateTableStatement create => CreateTable.ExecuteAsync(context, create, cancellationToken),
        AlterTableStatement alter => AlterTable.ExecuteAsync(context, alter, cancellationToken),
        DropTableStatement drop => DropTable.ExecuteAsync(context, drop, cancellationToken),
        InsertStatement insert => InsertRows.ExecuteAsync(context, insert, cancellationToken),
        DeleteStatement delete => DeleteRows.ExecuteAsync(context, delete, cancellationToken),
        TruncateStatement truncate => DeleteRows.TruncateAsync(context, truncate, cancellationToken),
        CreateViewStatement create => ViewStatements.CreateAsync(context, create, cancellationToken),
        DropViewStatement drop => ViewStatements.DropAsync(context, drop, cancellationToken),
        RenameViewStatement rename => ViewStatements.RenameAsync(context, rename, cancellationToken),
        AlterViewPropertiesStatement alter => ViewStatements.AlterAsync(context, alter, cancellationToken),
        UndropStatement undrop => Undrop.ExecuteAsync(context, undrop, cancellationToken),
        CommentStatement comment => CommentOn.ExecuteAsync(context, comment, cancellationToken),
        CallStatement call => CallProcedure.ExecuteAsync(context, call, cancellationToken),
        OtherStatement { Kind: "COPY" } copy => CopyQuery.ExecuteAsync(context, copy.Text, cancellationToken),
        OtherStatement { Kind: "SHOW ALL" or "SHOW SESSION" } => ShowSettings.AllAsync(context, cancellationToken),
        OtherStatement { Kind: "SHOW FUNCTIONS" } => ShowSettings.FunctionsAsync(context, cancellationToken),
        _ => throw RefusedStatements.Error(statement),
    };
}
