using System.Text.Json.Nodes;
using Minions.Extensions.AI.Templates;

namespace Minions.Extensions.AI.Tests.Templates;

/// <summary>No template takes the process down, whatever it asks for.</summary>
public sealed class TemplateLimitTests
{
    [TestCase("{% for i in range(100000) %}{{ 'x' * 10000 }}{% endfor %}", Description = "a gigabyte of output")]
    [TestCase("{{ 'x' * 1000000000 }}")]
    [TestCase("{{ [0] * 1000000000 }}")]
    [TestCase("{{ '%1000000000d' % 1 }}")]
    [TestCase("{{ '%.1000000000f' % 1.5 }}")]
    [TestCase("{{ '%.1000000000d' % 1 }}")]
    [TestCase("{{ '{:1000000000}'.format(1) }}")]
    [TestCase("{{ '{:.1000000000f}'.format(1.5) }}")]
    [TestCase("{{ 'a'.center(1000000000) }}")]
    [TestCase("{{ 'a'.zfill(1000000000) }}")]
    [TestCase("{{ '\\t'.expandtabs(1000000000) }}")]
    [TestCase("{{ 'a'|indent(1000000000, true) }}")]
    [TestCase("{{ [1]|tojson(indent=1000000000) }}")]
    [TestCase("{{ [1]|batch(1000000000, 'x')|list }}")]
    [TestCase("{{ ('x' * 100000).replace('x', 'y' * 100000) }}")]
    [TestCase("{{ 2 ** 100000000 }}")]
    [TestCase("{{ 10 ** (10 ** 10) }}")]
    [TestCase("{% set ns = namespace(x=10) %}{% for i in range(100) %}{% set ns.x = ns.x * ns.x %}{% endfor %}")]
    [TestCase("{% set ns = namespace(s='x') %}{% for i in range(100) %}{% set ns.s = ns.s ~ ns.s %}{% endfor %}")]
    [TestCase("{% set ns = namespace(s=[1]) %}{% for i in range(100) %}{% set ns.s = ns.s + ns.s %}{% endfor %}")]
    [TestCase("{% for a in range(100000) %}{% for b in range(100000) %}{% endfor %}{% endfor %}", Description = "an endless loop")]
    [TestCase("{% macro m() %}{{ m() }}{% endmacro %}{{ m() }}", Description = "an endless recursion")]
    [TestCase("{% set x = [1] %}{% for a in x recursive %}{{ loop(x) }}{% endfor %}", Description = "an endless recursive loop")]
    [TestCase("{% set ns = namespace(l=[]) %}{% for i in range(100000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l }}", Description = "deep values")]
    [TestCase("{% set ns = namespace(l=[]) %}{% for i in range(100000) %}{% set ns.l = [ns.l] %}{% endfor %}{{ ns.l|tojson }}")]
    [TestCase("{% set ns = namespace(l=(), m=()) %}{% for i in range(100000) %}{% set ns.l = (ns.l,) %}{% set ns.m = (ns.m,) %}{% endfor %}{{ ns.l == ns.m }}")]
    [TestCase("{% set ns = namespace(l=(), m=()) %}{% for i in range(100000) %}{% set ns.l = (ns.l,) %}{% set ns.m = (ns.m,) %}{% endfor %}{{ ns.l < ns.m }}")]
    [TestCase("{% set ns = namespace(l=()) %}{% for i in range(100000) %}{% set ns.l = (ns.l,) %}{% endfor %}{{ {ns.l: 1} }}")]
    [TestCase("{% set ns = namespace(g=[1]) %}{% for i in range(100000) %}{% set ns.g = ns.g|map('string') %}{% endfor %}{{ ns.g|list }}", Description = "generators of generators")]
    [TestCase("{% set ns = namespace(s='x' * 1000000) %}{% for i in range(100000) %}{% set ns.s = ns.s[1:] ~ 'y' %}{% endfor %}", Description = "copying without end")]
    public void What_never_ends_is_cut_off(string source) =>
        Assert.That(Rendering.Fault(source).Kind, Is.EqualTo(ChatTemplateErrorKind.LimitExceeded));

    [TestCase("(", ")", 50_000)]
    [TestCase("[", "]", 50_000)]
    [TestCase("not ", "", 50_000)]
    [TestCase("-", "", 50_000)]
    [TestCase("1 + ", "", 200_000)]
    [TestCase("1 if 1 else ", "", 50_000)]
    [TestCase("", "|string", 200_000)]
    [TestCase("", "[0]", 200_000)]
    public void Expressions_that_are_too_deep_are_refused(string before, string after, int times)
    {
        string source = $"{{{{ {string.Concat(Enumerable.Repeat(before, times))}1{string.Concat(Enumerable.Repeat(after, times))} }}}}";
        Assert.That(Rendering.Fault(source).Kind, Is.EqualTo(ChatTemplateErrorKind.LimitExceeded));
    }

    [Test]
    public void Blocks_that_are_too_deep_are_refused() =>
        Assert.That(Rendering.Fault(string.Concat(Enumerable.Repeat("{% if 1 %}", 10_000))).Kind, Is.EqualTo(ChatTemplateErrorKind.LimitExceeded));

    [Test]
    public void The_limits_are_those_of_the_options() => Assert.Multiple(() =>
    {
        const string Recursion = "{% macro m(n) %}{% if n > 1 %}{{ m(n - 1) }}{% endif %}{% endmacro %}{{ m(5) }}";
        Assert.That(Rendering.Render("{{ 'x' * 5 }}", options: new() { MaximumLength = 5 }).Text, Is.EqualTo("xxxxx"));
        Assert.That(Rendering.Fault("{{ 'x' * 6 }}", options: new() { MaximumLength = 5 }).Reason, Does.Contain("5 characters"));
        Assert.That(Rendering.Render(Recursion, options: new() { MaximumDepth = 5 }).Text, Is.Empty);
        Assert.That(Rendering.Fault(Recursion, options: new() { MaximumDepth = 4 }).Reason, Does.Contain("deeper than 4"));
        Assert.That(Rendering.Fault("{% for i in range(100) %}{% endfor %}", options: new() { MaximumSteps = 50 }).Reason, Does.Contain("50 steps"));
    });

    [Test]
    public void A_limit_below_one_is_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => ChatTemplate.Parse("", options: new() { MaximumLength = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ChatTemplate.Parse("", options: new() { MaximumDepth = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ChatTemplate.Parse("", options: new() { MaximumSteps = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
    });

    [Test]
    public void A_template_keeps_the_options_that_it_was_parsed_with()
    {
        var options = new ChatTemplateOptions { MaximumLength = 3 };
        ChatTemplate template = ChatTemplate.Parse("{{ 'xxxx' }}", options: options);
        options.MaximumLength = 10;
        Assert.That(() => template.Render(new ChatTemplateInput { Messages = [] }), Throws.TypeOf<ChatTemplateException>());
    }

    [Test]
    public void Input_that_is_too_deep_is_refused()
    {
        JsonNode deep = new JsonArray();
        for (int depth = 0; depth < 300; depth++)
            deep = new JsonArray(deep);
        Assert.That(
            () => ChatTemplate.Parse("").Render(new ChatTemplateInput { Messages = [new JsonObject { ["content"] = deep }] }),
            Throws.ArgumentException.With.Message.Contains("deeper than 256"));
    }
}
