using Minions.Extensions.AI.Templates;

namespace Minions.Extensions.AI.Tests.Templates;

/// <summary>What Jinja 3.1 made of templates in the shapes of published ones, as transformers sets it up.</summary>
public sealed class TemplateVectorTests
{
    private static IEnumerable<TestCaseData> Vectors() => TemplateVector.All.Select((vector, index) =>
        new TestCaseData(vector).SetArgDisplayNames($"{index:000} {vector}"));

    [TestCaseSource(nameof(Vectors))]
    public void A_template_renders_what_Jinja_renders(TemplateVector vector) => Assert.That(Render(vector), Is.EqualTo(vector.Expected ?? vector.Error));

    [Test]
    public void There_are_as_many_vectors_as_were_made() => Assert.That(TemplateVector.All, Has.Count.EqualTo(415));

    private static string Render(TemplateVector vector)
    {
        try
        {
            return vector.Parse().Render(vector.Input()).Text;
        }
        catch (ChatTemplateException exception)
        {
            return $"{PythonName(exception.Kind)}: {exception.Reason}";
        }
    }

    private static string PythonName(ChatTemplateErrorKind kind) => kind switch
    {
        ChatTemplateErrorKind.Syntax => "TemplateSyntaxError",
        ChatTemplateErrorKind.UnknownName => "TemplateAssertionError",
        ChatTemplateErrorKind.UndefinedValue => "UndefinedError",
        ChatTemplateErrorKind.Raised => "TemplateError",
        ChatTemplateErrorKind.NotAllowed => "SecurityError",
        ChatTemplateErrorKind.WrongType => "TypeError",
        ChatTemplateErrorKind.WrongValue => "ValueError",
        _ => kind.ToString(),
    };
}
