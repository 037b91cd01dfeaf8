from django.db import migrations


def fill(apps, schema_editor):
    Course = apps.get_model("courses", "Course")
    Teacher = apps.get_model("courses", "Teacher")
    somebody, _ = Teacher.objects.get_or_create(name="Somebody")
    Course.objects.filter(teacher=None).update(teacher=somebody)


class Migration(migrations.Migration):
    dependencies = [("courses", "0007_teacher")]
    operations = [migrations.RunPython(fill, migrations.RunPython.noop)]
