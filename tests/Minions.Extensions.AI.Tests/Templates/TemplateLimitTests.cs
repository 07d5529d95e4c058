using System.Text.Json.Nodes;
using Minions.Extensions.AI.Templates;
using Minions.Extensions.AI.Templates.Values;

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
    // So deep that no stack holds the comparison, however small its frames become once the code is optimized.
    [TestCase("{% set ns = namespace(l=(), m=()) %}{% for j in range(4) %}{% for i in range(100000) %}{% set ns.l = (ns.l,) %}{% set ns.m = (ns.m,) %}{% endfor %}{% endfor %}{{ ns.l == ns.m }}")]
    [TestCase("{% set ns = namespace(l=(), m=()) %}{% for j in range(4) %}{% for i in range(100000) %}{% set ns.l = (ns.l,) %}{% set ns.m = (ns.m,) %}{% endfor %}{% endfor %}{{ ns.l < ns.m }}")]
    [TestCase("{% set ns = namespace(l=()) %}{% for j in range(4) %}{% for i in range(100000) %}{% set ns.l = (ns.l,) %}{% endfor %}{% endfor %}{{ {ns.l: 1} }}")]
    [TestCase("{% set ns = namespace(g=[1]) %}{% for i in range(100000) %}{% set ns.g = ns.g|map('string') %}{% endfor %}{{ ns.g|list }}", Description = "generators of generators")]
    [TestCase("{% set ns = namespace(s='x' * 1000000) %}{% for i in range(100000) %}{% set ns.s = ns.s[1:] ~ 'y' %}{% endfor %}", Description = "copying without end")]
    public void What_never_ends_is_cut_off(string source) =>
        Assert.That(Rendering.Fault(source).Kind, Is.EqualTo(ChatTemplateErrorKind.LimitExceeded));

    // a and b hold themselves twice at each of their levels, p and q are the same as tuples.
    [TestCase("a == b")]
    [TestCase("a != b")]
    [TestCase("a < b")]
    [TestCase("b in [a]")]
    [TestCase("[a].count(b)")]
    [TestCase("[a].index(b)")]
    [TestCase("{1: a} == {1: b}")]
    [TestCase("a is eq b")]
    [TestCase("[a, b]|sort")]
    [TestCase("[a, b]|max")]
    [TestCase("[{'k': a}, {'k': b}]|groupby('k')")]
    [TestCase("[a]|select('eq', b)|list")]
    [TestCase("{p: 1}")]
    [TestCase("{}[p]")]
    [TestCase("{}.get(p)")]
    [TestCase("p in {}")]
    [TestCase("[p]|unique|list")]
    [TestCase("dict([(p, 1)])")]
    [TestCase("{1: 1}.fromkeys([p])")]
    [TestCase("a|string")]
    [TestCase("a|tojson")]
    public void Values_that_double_at_each_level_are_cut_off(string expression)
    {
        const string Values = "{% set ns = namespace(a=[1], b=[1], p=(1,)) %}{% for i in range(27) %}"
            + "{% set ns.a = [ns.a, ns.a] %}{% set ns.b = [ns.b, ns.b] %}{% set ns.p = (ns.p, ns.p) %}{% endfor %}{% set a, b, p = ns.a, ns.b, ns.p %}";
        Assert.That(Rendering.Fault($"{Values}{{{{ {expression} }}}}", options: new() { MaximumSteps = 1_000_000 }).Kind, Is.EqualTo(ChatTemplateErrorKind.LimitExceeded));
    }

    // Each of these takes long with a text of 1,048,576 characters, or with a number of 2,101 digits.
    [TestCase("s.isalpha()")]
    [TestCase("s.istitle()")]
    [TestCase("s is lower")]
    [TestCase("s|wordcount")]
    [TestCase("s|int")]
    [TestCase("s|float")]
    [TestCase("s == 'x' * 1048576")]
    [TestCase("s.count('xy')")]
    [TestCase("s.rfind('xy')")]
    [TestCase("s.strip('x')")]
    [TestCase("s.partition('y')")]
    [TestCase("{s: 1}")]
    [TestCase("s < s[:-1] ~ 'y'")]
    [TestCase("'%s'|format(s)|length")]
    [TestCase("n * n")]
    [TestCase("n // 7 ** 1000")]
    [TestCase("n|string")]
    [TestCase("'%x' % n")]
    [TestCase("'%.4096f' % 1.5")]
    [TestCase("2 ** 14000")]
    [TestCase("d|length + (d|items|list)|length")]
    public void What_takes_long_is_cut_off_where_it_is_done_often(string expression)
    {
        string source = "{% set s = 'x' * 1048576 %}{% set n = 10 ** 2100 %}{% set d = {}.fromkeys(range(100000)) %}"
            + $"{{% for i in range(10000) %}}{{% if {expression} %}}{{% endif %}}{{% endfor %}}";
        Assert.That(Rendering.Fault(source, options: new() { MaximumSteps = 1_000_000 }).Kind, Is.EqualTo(ChatTemplateErrorKind.LimitExceeded));
    }

    [TestCase("s.removeprefix('x')")]
    [TestCase("s.removesuffix('x')")]
    [TestCase("s[1:]")]
    [TestCase("s[::-1]")]
    [TestCase("('x' ~ s).partition('x')")]
    [TestCase("(s ~ 'y').split('y')")]
    [TestCase("(s ~ 'y').rsplit('y')")]
    [TestCase("(s ~ ' ').split()")]
    [TestCase("(s ~ '\\n').splitlines()")]
    [TestCase("(s ~ ' ')|trim")]
    [TestCase("s|truncate(1000000, true)")]
    [TestCase("s|upper")]
    [TestCase("s|e")]
    [TestCase("s|urlencode")]
    [TestCase("s|tojson")]
    [TestCase("[s]|string")]
    [TestCase("'%.1000000s' % s")]
    [TestCase("'{:.1000000}'.format(s)")]
    [TestCase("s.zfill(1048577)")]
    [TestCase("s.replace('y', '').replace('x', 'z')")]
    public void Texts_that_are_kept_are_limited_altogether(string expression)
    {
        string source = "{% set s = 'x' * 1048576 %}{% set ns = namespace(kept=[]) %}"
            + $"{{% for i in range(100) %}}{{% set ns.kept = ns.kept + [{expression}] %}}{{% endfor %}}";
        ChatTemplateException fault = Rendering.Fault(source, options: new() { MaximumSteps = long.MaxValue });
        Assert.That(fault.Kind, Is.EqualTo(ChatTemplateErrorKind.LimitExceeded));
        Assert.That(fault.Reason, Does.Contain("altogether"));
    }

    [Test]
    public void A_search_that_nearly_succeeds_everywhere_is_cut_off() => Assert.That(
        Rendering.Fault("{{ ('a' * 300000 ~ 'c' * 300000).find('a' * 150000 ~ 'b' ~ 'c' * 150000) }}").Kind, Is.EqualTo(ChatTemplateErrorKind.LimitExceeded));

    [Test]
    public void No_published_template_comes_near_a_limit() => Assert.Multiple(() =>
    {
        var options = new ChatTemplateOptions();
        foreach (TemplateVector vector in TemplateVector.All.Where(vector => vector.Expected is not null))
        {
            var run = new RenderRun(options);
            vector.Parse().Render(vector.Input(), specialTokens: null, run);
            Assert.That(run.Steps, Is.LessThan(options.MaximumSteps / 200), vector.ToString());
            Assert.That(run.TotalLength, Is.LessThan(options.MaximumTotalLength / 200), vector.ToString());
        }
    });

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
        Assert.That(Rendering.Fault("{{ 'x' * 600 }}", options: new() { MaximumTotalLength = 500 }).Reason, Does.Contain("500 characters of text altogether"));
        Assert.That(Rendering.Render(Recursion, options: new() { MaximumDepth = 5 }).Text, Is.Empty);
        Assert.That(Rendering.Fault(Recursion, options: new() { MaximumDepth = 4 }).Reason, Does.Contain("deeper than 4"));
        Assert.That(Rendering.Fault("{% for i in range(100) %}{% endfor %}", options: new() { MaximumSteps = 50 }).Reason, Does.Contain("50 steps"));
    });

    [Test]
    public void A_limit_below_one_is_refused() => Assert.Multiple(() =>
    {
        Assert.That(() => ChatTemplate.Parse("", options: new() { MaximumLength = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
        Assert.That(() => ChatTemplate.Parse("", options: new() { MaximumTotalLength = 0 }), Throws.InstanceOf<ArgumentOutOfRangeException>());
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
