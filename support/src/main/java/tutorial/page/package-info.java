/** What appears on the page: tables, charts, photos and progress, drawn from what the other rooms measured. None of them knows it. */
package tutorial.page;
