using Microsoft.Extensions.AI;
using Minions.Extensions.AI.ToolCalls;

namespace Minions.Extensions.AI.Tests.ToolCalls;

public class ToolCatalogTests
{
    [Test]
    public void Tools_become_what_templates_expect() =>
        Assert.That(WrittenCall.Json(ToolCatalog.From([Tools.Now]).ToTemplate()), Is.EqualTo(
            """[{"type":"function","function":{"name":"now","description":"What now does","parameters":{"type":"object","properties":{}}}}]"""));

    [Test]
    public void No_tools_are_none()
    {
        Assert.That(ToolCatalog.From(null).ToTemplate(), Is.Null);
        Assert.That(ToolCatalog.From([]).Count, Is.Zero);
    }

    [Test]
    public void Two_tools_of_one_name_are_an_error() =>
        Assert.That(() => ToolCatalog.From([Tools.Now, Tools.Weather, Tools.Now]), Throws.ArgumentException.With.Message.Contains("'now'"));

    [Test]
    public void A_schema_that_is_no_object_is_an_error() =>
        Assert.That(() => ToolCatalog.From([Tools.Declare("odd", "[]")]), Throws.ArgumentException.With.Message.Contains("'odd'"));

    [Test]
    public void A_tool_that_is_no_function_is_refused() =>
        Assert.That(() => ToolCatalog.From([new HostedWebSearchTool()]), Throws.InstanceOf<NotSupportedException>().With.Message.Contains("HostedWebSearchTool"));

    [TestCase("city", "string")]
    [TestCase("share", "null")]
    [TestCase("where", "object")]
    [TestCase("where", "null")]
    public void Types_are_found_behind_references_and_choices(string parameter, string type)
    {
        Assert.That(Tools.Catalog.Parameter("get_weather", parameter)!.Allows(type));
        Assert.That(Tools.Catalog.Parameter("get_weather", parameter)!.Allows("boolean"), Is.False);
        Assert.That(Tools.Catalog.Parameter("get_weather", "other"), Is.Null);
        Assert.That(Tools.Catalog.Parameter("other", parameter), Is.Null);
    }

    [Test]
    public void A_schema_that_refers_to_itself_ends() =>
        Assert.That(
            ToolCatalog.From([Tools.Declare("deep", """{"type":"object","properties":{"a":{"$ref":"#/properties/a"}}}""")]).Parameter("deep", "a")!.Allows("string"), Is.False);
}
