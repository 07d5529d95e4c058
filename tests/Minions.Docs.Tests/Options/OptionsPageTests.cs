using System.ComponentModel.DataAnnotations;
using System.Reflection;
using Minions.Core;
using Minions.Core.GenAI;
using Minions.Docs.Tests.Pages;
using Minions.Extensions.AI;
using Minions.Extensions.Hosting;

namespace Minions.Docs.Tests.Options;

/// <summary>The reference has a table for every type of options, and each table the properties of its type as they are.</summary>
internal sealed class OptionsPageTests
{
    private static readonly MarkdownPage Page = MarkdownPage.Of("docs/options.md");

    private static readonly Type[] Packages = [typeof(SpeculativePipeline), typeof(GenAIModelOptions), typeof(MinionsChatClientOptions), typeof(LoadAtStartOptions)];

    private static IEnumerable<Type> Types => Packages.SelectMany(package => package.Assembly.GetExportedTypes()).Where(type => type.IsClass && type.Name.EndsWith("Options", StringComparison.Ordinal));

    [Test]
    public void Every_type_of_options_has_a_table_below_its_package_and_no_table_is_of_another() => Assert.That(
        Page.Prose.Where(line => line.StartsWith("##", StringComparison.Ordinal)).Select(line => line.TrimStart('#').Trim()),
        Is.EquivalentTo(Packages.Select(package => package.Assembly.GetName().Name).Concat(Types.Select(type => type.Name))));

    [TestCaseSource(nameof(Types))]
    public void Every_property_is_a_row_and_every_row_a_property(Type type) =>
        Assert.That(RowsOf(type).Select(row => row.Name), Is.EqualTo(PropertiesOf(type).Select(property => property.Name)));

    [TestCaseSource(nameof(Types))]
    public void Each_row_has_the_type_and_the_default_of_its_property(Type type)
    {
        object instance = Activator.CreateInstance(type)!;
        Assert.That(
            RowsOf(type).Select(row => $"{row.Name}, {row.Type}, {row.Default}"),
            Is.EqualTo(PropertiesOf(type).Select(property => $"{property.Name}, `{OptionText.TypeOf(property)}`, {OptionText.DefaultOf(property.GetValue(instance))}")));
    }

    [TestCaseSource(nameof(Types))]
    public void Each_row_has_the_range_that_its_property_declares(Type type) => Assert.Multiple(() =>
    {
        foreach ((PropertyInfo property, OptionRow row) in PropertiesOf(type).Zip(RowsOf(type)))
        {
            Type value = Nullable.GetUnderlyingType(property.PropertyType) ?? property.PropertyType;
            if (value.IsEnum)
                Assert.That(row.Range, Is.EqualTo(string.Join(", ", Enum.GetNames(value).Select(name => $"`{name}`"))), row.Name);
            if (property.GetCustomAttribute<System.ComponentModel.DataAnnotations.RangeAttribute>() is { } range)
                Assert.That(row.Range, Is.EqualTo(range.Maximum is int.MaxValue ? $"{range.Minimum} or more" : $"{range.Minimum} to {range.Maximum}"), row.Name);
            if (property.PropertyType == typeof(string) && property.GetCustomAttribute<RequiredAttribute>() is not null)
                Assert.That(row.Range, Is.EqualTo("required"), row.Name);
            if (property.GetCustomAttribute<StringLengthAttribute>() is not null)
                Assert.That(row.Range, Is.EqualTo("not empty"), row.Name);
        }
    });

    [Test]
    public void Every_row_has_a_meaning() => Assert.That(Types.SelectMany(RowsOf).Select(row => row.Meaning), Has.All.Not.Empty);

    private static IEnumerable<OptionRow> RowsOf(Type type) => Page.RowsUnder(type.Name).Select(OptionRow.Of);

    // Lists that cannot be set can be filled, and are bound.
    private static IEnumerable<PropertyInfo> PropertiesOf(Type type) => type
        .GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly)
        .OrderBy(property => property.MetadataToken);
}
