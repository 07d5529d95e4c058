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

    [TestCase("""{"properties":{"a":{"type":"string"},"a":{}}}""", "'#/properties' has two members named 'a'. Keep one")]
    [TestCase("""{"properties":{"a":{"enum":[{"b":1,"b":1}]}}}""", "'#/properties/a/enum/0' has two members named 'b'")]
    [TestCase("""{"properties":5}""", "'#/properties' is a number. It has to be an object")]
    [TestCase("""{"properties":{"a":[]}}""", "'#/properties/a' is an array. It has to be a schema")]
    [TestCase("""{"properties":{"a":{"items":{"anyOf":[{"properties":null}]}}}}""", "'#/properties/a/items/anyOf/0/properties' is null")]
    [TestCase("""{"$defs":{"d":{"properties":{"a":"string"}}}}""", "'#/$defs/d/properties/a' is a string")]
    [TestCase("""{"description":"\ud83d"}""", "'#/description' has text that is no valid Unicode")]
    [TestCase("""{"properties":{"\ude00":{}}}""", "'#/properties' has a name that is no valid Unicode")]
    public void A_schema_that_cannot_be_put_to_a_model_is_an_error_that_names_tool_and_place(string schema, string what) =>
        Assert.That(
            () => ToolCatalog.From([Tools.Now, Tools.Declare("odd", schema)]), Throws.ArgumentException.With.Message.Contains("'odd'").And.Message.Contains(what));

    [Test]
    public void A_schema_that_is_nested_too_deep_is_an_error()
    {
        string schema = string.Concat(Enumerable.Repeat("""{"not":""", 60)) + "{}" + new string('}', 60);
        Assert.That(() => ToolCatalog.From([Tools.Declare("odd", schema)]), Throws.ArgumentException.With.Message.Contains("'odd'").And.Message.Contains("deeper than 60"));
        Assert.That(ToolCatalog.From([Tools.Declare("deep", schema[7..^1])]).ToTemplate()!.ToJsonString(), Does.Contain("not"));
    }

    [TestCase("""{"properties":{"a":true,"properties":{"type":"integer"}}}""")]
    [TestCase("""{"properties":{"a":{"default":{"properties":5}}}}""")]
    [TestCase("{}")]
    public void A_schema_of_this_kind_is_taken(string schema) => Assert.That(ToolCatalog.From([Tools.Declare("fine", schema)]).Count, Is.EqualTo(1));

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
