using System.Reflection;
using Microsoft.Extensions.Configuration;
using Minions.Core.DependencyInjection;
using Minions.Core.Drafting.Ngram;
using Minions.Core.GenAI;
using Minions.Core.GenAI.DependencyInjection;
using Minions.Core.OnnxRuntime;
using Minions.Core.Pipeline;
using Minions.Core.Speculation;
using Minions.Docs.Tests.Pages;

namespace Minions.Docs.Tests.Options;

/// <summary>The keys of the reference are those that configuration is read by.</summary>
internal sealed class ConfigurationKeyTests
{
    private static readonly MarkdownPage Page = MarkdownPage.Of("docs/options.md");

    private static IEnumerable<TestCaseData> Sections =>
    [
        Section<MinionsOptions>("Minions", typeof(MinionsOptions), options => options),
        Section<MinionsOptions>("Minions:Target", typeof(OnnxModelOptions), options => options.Target),
        Section<MinionsOptions>("Minions:Drafts:0", typeof(OnnxModelOptions), options => options.Drafts[0]),
        Section<MinionsOptions>("Minions:Heads:0", typeof(OnnxModelOptions), options => options.Heads[0]),
        Section<MinionsOptions>("Minions:Heads:0", typeof(OnnxHeadOptions), options => options.Heads[0]),
        Section<MinionsOptions>("Minions:Ngram", typeof(NgramDraftOptions), options => options.Ngram),
        Section<MinionsOptions>("Minions:Pipeline", typeof(PipelineOptions), options => options.Pipeline),
        Section<MinionsOptions>("Minions:Pipeline:Speculation", typeof(SpeculationOptions), options => options.Pipeline.Speculation),
        Section<GenAIPipelineOptions>("GenAI", typeof(GenAIPipelineOptions), options => options),
        Section<GenAIPipelineOptions>("GenAI:Target", typeof(GenAIModelOptions), options => options.Target),
        Section<GenAIPipelineOptions>("GenAI:Drafts:0", typeof(GenAIModelOptions), options => options.Drafts[0]),
    ];

    [TestCaseSource(nameof(Sections))]
    public void Every_option_is_read_from_its_section(string section, Type type, Func<IConfiguration, object?> read) => Assert.Multiple(() =>
    {
        foreach (PropertyInfo property in type.GetProperties(BindingFlags.Instance | BindingFlags.Public | BindingFlags.DeclaredOnly).Where(property => SampleOf(property.PropertyType) is not null))
        {
            string sample = SampleOf(property.PropertyType)!;
            object options = read(Configuration($"{section}:{property.Name}", sample))!;
            Assert.That(Convert.ToString(property.GetValue(options), System.Globalization.CultureInfo.InvariantCulture), Is.EqualTo(sample).IgnoreCase, $"{section}:{property.Name}");
        }
    });

    [Test]
    public void The_page_names_each_section() => Assert.That(
        Sections.Select(section => ((string)section.Arguments[0]!).Replace(":0", ":N", StringComparison.Ordinal)).Where(section => !string.Join('\n', Page.Prose).Contains($"`{section}`", StringComparison.Ordinal)),
        Is.Empty);

    private static TestCaseData Section<TRoot>(string section, Type type, Func<TRoot, object?> find)
        where TRoot : new()
    {
        object? Read(IConfiguration configuration)
        {
            var options = new TRoot();
            configuration.GetSection(section.Split(':')[0]).Bind(options, binder => binder.ErrorOnUnknownConfiguration = true);
            return find(options);
        }

        return new TestCaseData(section, type, (Func<IConfiguration, object?>)Read).SetArgDisplayNames(section, type.Name);
    }

    private static IConfiguration Configuration(string key, string value) =>
        new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?> { [key] = value }).Build();

    // A value that is no default; objects and lists have none of their own.
    private static string? SampleOf(Type type)
    {
        Type value = Nullable.GetUnderlyingType(type) ?? type;
        return value switch
        {
            _ when value.IsEnum => Enum.GetNames(value)[^1],
            _ when value == typeof(bool) => "True",
            _ when value == typeof(int) => "7",
            _ when value == typeof(string) => "seven",
            _ when value == typeof(TimeSpan) => "00:00:07",
            _ => null,
        };
    }
}
