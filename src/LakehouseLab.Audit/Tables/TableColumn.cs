using LakehouseLab.World.Schemas;

namespace LakehouseLab.Audit.Tables;

/// <summary>A column as the audit reads it.</summary>
/// <param name="Name">Its name.</param>
/// <param name="Type">Type of its values: numbers are read as whole numbers, of units, days or microseconds.</param>
/// <param name="Scale">Decimals of a <see cref="FieldType.Decimal"/>.</param>
internal sealed record TableColumn(string Name, FieldType Type, int Scale = 0)
{
    /// <summary>The column of a domain's field.</summary>
    public static TableColumn Of(Field field) => new(field.Name, field.Type, field.Scale);
}
