namespace Tarn.Metastore.Authorization;

/// <summary>Names of the actions on catalogs, as policies name them.</summary>
public static class CatalogActions
{
    /// <summary>Searching or listing all descriptions of a warehouse. Only the audit trail names it: what may be seen is asked for each schema, table and view.</summary>
    public const string Describe = "catalog:Describe";

    /// <summary>In the audit trail only: a location that was refused, whatever the policies say.</summary>
    public const string UseLocation = "catalog:UseLocation";

    /// <summary>Seeing the namespaces below a namespace or warehouse.</summary>
    public const string ListNamespaces = "catalog:ListNamespaces";

    /// <summary>Making a namespace.</summary>
    public const string CreateNamespace = "catalog:CreateNamespace";

    /// <summary>Seeing the properties of a namespace.</summary>
    public const string GetNamespace = "catalog:GetNamespace";

    /// <summary>Changing the properties of a namespace.</summary>
    public const string UpdateNamespace = "catalog:UpdateNamespace";

    /// <summary>Dropping a namespace.</summary>
    public const string DropNamespace = "catalog:DropNamespace";

    /// <summary>Seeing the tables of a namespace.</summary>
    public const string ListTables = "catalog:ListTables";

    /// <summary>Making a table.</summary>
    public const string CreateTable = "catalog:CreateTable";

    /// <summary>Seeing the metadata of a table.</summary>
    public const string GetTable = "catalog:GetTable";

    /// <summary>Changing a table.</summary>
    public const string CommitTable = "catalog:CommitTable";

    /// <summary>Making a table of a metadata file that is there.</summary>
    public const string RegisterTable = "catalog:RegisterTable";

    /// <summary>Dropping a table. Purging it needs <see cref="WriteData"/> too.</summary>
    public const string DropTable = "catalog:DropTable";

    /// <summary>Renaming a table; asked for the old name and for the new one.</summary>
    public const string RenameTable = "catalog:RenameTable";

    /// <summary>Seeing the views of a namespace.</summary>
    public const string ListViews = "catalog:ListViews";

    /// <summary>Making a view.</summary>
    public const string CreateView = "catalog:CreateView";

    /// <summary>Seeing a view.</summary>
    public const string GetView = "catalog:GetView";

    /// <summary>Changing a view.</summary>
    public const string CommitView = "catalog:CommitView";

    /// <summary>Dropping a view.</summary>
    public const string DropView = "catalog:DropView";

    /// <summary>Renaming a view; asked for the old name and for the new one.</summary>
    public const string RenameView = "catalog:RenameView";

    /// <summary>Reading the files of a table.</summary>
    public const string ReadData = "catalog:ReadData";

    /// <summary>Writing and removing files of a table.</summary>
    public const string WriteData = "catalog:WriteData";
}
